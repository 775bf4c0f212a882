package io.sluice.core.simulation;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;

/** What the job reads. */
sealed interface LogRecord {

    /** A declaration of the run. */
    record Declared(RunSpec spec) implements LogRecord {}

    /** An attempt that gets its number from where this record comes to stand. */
    record Started(Attempt attempt) implements LogRecord {}

    /** An operator's command. */
    record Commanded(OperatorCommand command) implements LogRecord {}

    /** A record of one attempt. */
    sealed interface OfAttempt extends LogRecord {
        long attempt();
    }

    /** The trainer saved a checkpoint. */
    record Saved(long attempt, long nextStep) implements OfAttempt {}

    /**
     * A signal.
     *
     * @param bad whether it was sent to break a rule: only the oracle looks at this
     */
    record Signalled(Signal signal, boolean bad) implements OfAttempt {
        @Override
        public long attempt() {
            return signal.attempt();
        }
    }

    /** A reporter closed a round. */
    record Closed(RoundClosed closed) implements OfAttempt {
        @Override
        public long attempt() {
            return closed.attempt();
        }
    }

    /** A bridge answered a plan. */
    record Answered(PlanAck ack) implements OfAttempt {
        @Override
        public long attempt() {
            return ack.attempt();
        }
    }
}
