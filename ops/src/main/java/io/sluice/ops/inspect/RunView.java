package io.sluice.ops.inspect;

import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.RejectReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where one run stands, as far as its records are still in the log.
 *
 * @param run the run
 * @param declaration its newest declaration
 * @param attempt its newest attempt
 * @param plan the plan of the newest sealed step
 * @param coming the plan that was accepted and has not begun
 * @param sealedThrough last step that the newest attempt sealed
 * @param checkpointStep first step of an attempt from the newest checkpoint of the newest attempt
 * @param decision the newest decision
 * @param heldSincePlan rounds held since the newest that made a plan; of the decisions that were
 *     read
 * @param signals signals of all attempts, as the newest decision counts them
 * @param undecided rounds that the trainer closed and nobody decided yet
 * @param refused plans that bridges refused, by their reason; of the answers still in the log
 * @param rejects records turned away, by their reason; of those that were read
 * @param commands operators' commands that hold since the newest decision, the oldest first
 * @param absent groups that are out of the mixture since the newest decision
 * @param work what governor, ceilings and repetition did in the newest decision
 * @param supply what the newest decision knew of groups from the catalog that the run follows
 * @param ended whether the trainer said that the run is finished
 * @param newest when the newest record of each type was made, by the type's name
 */
public record RunView(
        String run,
        Optional<Declaration> declaration,
        Optional<AttemptLine> attempt,
        Optional<Sealed> plan,
        Optional<Coming> coming,
        OptionalLong sealedThrough,
        OptionalLong checkpointStep,
        Optional<DecisionLine> decision,
        long heldSincePlan,
        Optional<SignalTotals> signals,
        OptionalLong undecided,
        Map<AckVerdict, Long> refused,
        Map<RejectReason, Long> rejects,
        List<CommandLine> commands,
        List<AbsentGroup> absent,
        GuardWork work,
        List<SupplyLine> supply,
        boolean ended,
        Map<String, Instant> newest) {

    /**
     * What was declared.
     *
     * @param policy name of the policy
     * @param mode whether decisions are published
     * @param groups number of groups
     * @param targets number of targets
     * @param roundSteps steps in a round
     * @param digest digest of the declaration
     */
    public record Declaration(
            String policy, String mode, int groups, int targets, int roundSteps, String digest) {}

    /**
     * The plan that sealed steps use.
     *
     * @param version its version
     * @param label why it looks as it does; empty when its record is not in the log any more
     * @param firstStep first step in the attempt that uses it; empty when that seal was not read
     * @param digest its digest
     */
    public record Sealed(long version, String label, OptionalLong firstStep, String digest) {}

    /**
     * An accepted plan whose first step is not sealed yet.
     *
     * @param version its version
     * @param effectiveStep first step from which it may hold
     */
    public record Coming(long version, long effectiveStep) {}
}
