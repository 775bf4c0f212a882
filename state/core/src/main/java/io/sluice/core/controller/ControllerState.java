package io.sluice.core.controller;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.ShardRound;
import java.util.List;

/**
 * Everything a controller remembers of one run.
 *
 * @param spec the run
 * @param attempt the current attempt
 * @param inForce the plan in force, as far as the controller knows
 * @param nextRound the round to decide next
 * @param averages averaged alignments
 * @param memory the policy's memory
 * @param pending results of shards that wait for the others
 */
public record ControllerState(
        RunSpec spec,
        Attempt attempt,
        Plan inForce,
        long nextRound,
        AlignmentAverages averages,
        PolicyMemory memory,
        List<ShardRound> pending) {

    public ControllerState {
        pending = List.copyOf(pending);
    }

    /**
     * The state at the start of an attempt: statistics begin anew, the mixture is the attempt's.
     */
    public static ControllerState start(RunSpec spec, Attempt attempt) {
        return new ControllerState(
                spec,
                attempt,
                attempt.inForce(),
                spec.rounds().roundOf(attempt.resumeStep()),
                AlignmentAverages.empty(spec),
                PolicyMemory.EMPTY,
                List.of());
    }

    ControllerState withPending(List<ShardRound> value) {
        return new ControllerState(spec, attempt, inForce, nextRound, averages, memory, value);
    }

    ControllerState withInForce(Plan plan) {
        return new ControllerState(spec, attempt, plan, nextRound, averages, memory, pending);
    }

    ControllerState decided(
            Plan plan, long next, AlignmentAverages nextAverages, PolicyMemory nextMemory) {
        return new ControllerState(spec, attempt, plan, next, nextAverages, nextMemory, pending);
    }
}
