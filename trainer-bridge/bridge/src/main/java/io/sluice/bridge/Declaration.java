package io.sluice.bridge;

import io.sluice.core.domain.RunSpec;
import io.sluice.schemas.Topic;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes sure that the log has the run's declaration, once per bridge and life of the run. */
final class Declaration {

    private final String runId;
    private final byte[] value;
    private final String prefix;
    private final RecordLog log;
    private boolean made;

    /**
     * @throws io.sluice.schemas.ContractException when the declaration is larger than a record may
     *     be
     */
    Declaration(RunSpec spec, String prefix, RecordLog log) {
        this.runId = spec.runId();
        this.value = Records.encode(Records.runSpec(spec));
        this.prefix = prefix;
        this.log = log;
    }

    /** The run has ended, and its declaration with it: a further attempt declares it again. */
    synchronized void forget() {
        made = false;
    }

    /**
     * Declares the run unless that was done. Waits for the log.
     *
     * @throws MissingTopicsException when a topic does not exist
     * @throws ExecutionException when the log did not take the declaration
     */
    synchronized void ensure() throws InterruptedException, ExecutionException {
        if (made) {
            return;
        }
        Set<String> needed =
                Stream.of(Topic.RUNS, Topic.TELEMETRY, Topic.PLANS, Topic.ACKS, Topic.SEALS)
                        .map(topic -> topic.name(prefix))
                        .collect(Collectors.toSet());
        Set<String> missing = log.missing(needed);
        if (!missing.isEmpty()) {
            throw new MissingTopicsException(missing);
        }
        log.append(Topic.RUNS.name(prefix), runId, value).get();
        made = true;
    }
}
