package io.sluice.ops.inspect;

import io.sluice.schemas.Topic;
import java.util.List;
import java.util.function.Consumer;

/** The records of one run, from wherever they lie. */
interface RunRecords {

    /** The topics that a replay needs, in the order in which it needs them. */
    List<Topic> TOPICS =
            List.of(
                    Topic.DECISIONS,
                    Topic.RUNS,
                    Topic.CONTROL,
                    Topic.PLANS,
                    Topic.ACKS,
                    Topic.TELEMETRY);

    /** Hands on every record, topic by topic. */
    void read(Consumer<Entry> sink);

    /** The run. */
    String run();

    /** Records that do not fit the contract: they were counted and left out. */
    long skipped();
}
