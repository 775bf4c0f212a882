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
 * @param basis what the attempt's statistics began with
 * @param lineage which snapshots of earlier statistics are kept
 */
public record ControllerState(
        RunSpec spec,
        Attempt attempt,
        Plan inForce,
        long nextRound,
        AlignmentAverages averages,
        PolicyMemory memory,
        List<ShardRound> pending,
        Basis basis,
        Lineage lineage) {

    public ControllerState {
        pending = List.copyOf(pending);
    }

    /** The state at the start of an attempt whose statistics begin anew. */
    public static ControllerState start(RunSpec spec, Attempt attempt) {
        long round = spec.rounds().roundOf(attempt.resumeStep());
        return begin(
                spec,
                attempt,
                new Snapshot(round, AlignmentAverages.empty(spec), PolicyMemory.EMPTY),
                Basis.Kind.NEW,
                Lineage.EMPTY);
    }

    /** The state at the start of an attempt that goes on with known statistics. */
    static ControllerState begin(
            RunSpec spec, Attempt attempt, Snapshot from, Basis.Kind kind, Lineage lineage) {
        return new ControllerState(
                spec,
                attempt,
                attempt.inForce(),
                spec.rounds().roundOf(attempt.resumeStep()),
                from.averages(),
                from.memory(),
                List.of(),
                new Basis(kind, from.nextRound()),
                lineage);
    }

    /** The statistics as they are now. */
    Snapshot snapshot() {
        return new Snapshot(nextRound, averages, memory);
    }

    ControllerState withPending(List<ShardRound> value) {
        return new ControllerState(
                spec, attempt, inForce, nextRound, averages, memory, value, basis, lineage);
    }

    ControllerState withInForce(Plan plan) {
        return new ControllerState(
                spec, attempt, plan, nextRound, averages, memory, pending, basis, lineage);
    }

    ControllerState withLineage(Lineage value) {
        return new ControllerState(
                spec, attempt, inForce, nextRound, averages, memory, pending, basis, value);
    }

    ControllerState decided(
            Plan plan, long next, AlignmentAverages nextAverages, PolicyMemory nextMemory) {
        return new ControllerState(
                spec, attempt, plan, next, nextAverages, nextMemory, pending, basis, lineage);
    }
}
