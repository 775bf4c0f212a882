package io.sluice.core.simulation;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;

/** What flows from intake over the shards to the decision. */
sealed interface Event {

    /** A new attempt. */
    record Started(RunSpec spec, Attempt attempt, ShardRound.Counts left) implements Event {}

    /** A signal, with what the oracle expects to become of it. */
    record Signalled(Signal signal, Recount.Fate expected) implements Event {}

    /** A reporter's statement. */
    record Closed(RoundClosed closed) implements Event {}

    /** A bridge's answer. */
    record Answered(PlanAck ack) implements Event {}

    /** A saved checkpoint of the trainer. */
    record Saved(long attempt, long nextStep) implements Event {}

    /** An operator's command. */
    record Commanded(OperatorCommand command) implements Event {}

    /** A shard's result. */
    record Reduced(ShardRound round) implements Event {}

    /** Everything before this belongs to the checkpoint under way, nothing after it. */
    record Barrier() implements Event {}
}
