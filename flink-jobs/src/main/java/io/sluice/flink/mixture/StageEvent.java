package io.sluice.flink.mixture;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.Optional;

/**
 * What flows from intake over rounds to decision. Everything of a run takes this one path, so that
 * its order is the order of one channel, and no stage relies on an order between two streams.
 */
public sealed interface StageEvent {

    /** The run it is about. */
    String runId();

    /**
     * Where the record stands that it comes of, so that a failure can name it. Empty for what time
     * brings, and for what a build sent that did not say.
     */
    Optional<Origin> origin();

    /**
     * A new attempt, with the declaration it trains under. Precedes everything of that attempt.
     *
     * @param left what the shard that hands it on had counted in the attempt that it leaves
     */
    record Started(RunSpec spec, Attempt attempt, ShardRound.Counts left, Optional<Origin> origin)
            implements StageEvent {

        /** As intake says it, which counts nothing. */
        public Started(RunSpec spec, Attempt attempt, Origin origin) {
            this(spec, attempt, ShardRound.Counts.ZERO, Optional.of(origin));
        }

        @Override
        public String runId() {
            return attempt.runId();
        }
    }

    /** A signal that has passed the rules, with where it stands in its topic. */
    record Signalled(Signal signal, Origin at) implements StageEvent {
        @Override
        public String runId() {
            return signal.runId();
        }

        @Override
        public Optional<Origin> origin() {
            return Optional.of(at);
        }
    }

    /** A reporter's statement that has passed the rules. */
    record Closed(RoundClosed closed, Optional<Origin> origin) implements StageEvent {
        @Override
        public String runId() {
            return closed.runId();
        }
    }

    /** A bridge's answer to a plan; rounds hand it on. */
    record Acknowledged(PlanAck ack, Optional<Origin> origin) implements StageEvent {
        @Override
        public String runId() {
            return ack.runId();
        }
    }

    /**
     * The trainer saved a checkpoint; rounds hand it on.
     *
     * @param nextStep first step of an attempt that resumes from it
     */
    record Saved(String runId, long attempt, long nextStep, Optional<Origin> origin)
            implements StageEvent {}

    /** An operator's command that suits the run, with where it stands; rounds hand it on. */
    record Commanded(OperatorCommand command, Origin at) implements StageEvent {
        @Override
        public String runId() {
            return command.runId();
        }

        @Override
        public Optional<Origin> origin() {
            return Optional.of(at);
        }
    }

    /** The run is over: nothing of it is to be remembered. Follows everything of its attempt. */
    record Ended(String runId, long attempt) implements StageEvent {
        @Override
        public Optional<Origin> origin() {
            return Optional.empty();
        }
    }

    /**
     * A shard's result of a round; it comes of the record that made the round whole or ended it.
     */
    record Reduced(ShardRound round, Optional<Origin> origin) implements StageEvent {
        @Override
        public String runId() {
            return round.runId();
        }
    }

    /** Where a record stands. */
    record Origin(String topic, int partition, long offset) {

        /** The same as {@code TOPIC:PARTITION:OFFSET}. */
        public String position() {
            return topic + ":" + partition + ":" + offset;
        }
    }
}
