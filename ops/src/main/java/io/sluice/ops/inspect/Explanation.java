package io.sluice.ops.inspect;

import io.sluice.schemas.AckVerdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Why the mixture of a run is what it is at one step.
 *
 * @param run the run
 * @param step the step
 * @param plan the plan that the step uses
 * @param takenBack older attempts that took the step as well, before the run went back
 * @param declaration what was declared; empty when that is not in the log
 * @param decision the decision that made the plan; empty when none did, or it is not in the log any
 *     more
 * @param guards what each guard did to the policy's proposal; empty without a decision, and when
 *     this build cannot retrace it
 * @param work what governor, ceilings and repetition did in the decision
 * @param before what was decided in the deciding attempt after the plan's predecessor was made and
 *     before the plan was
 * @param after what was decided after the plan was made, from rounds that end before the step
 * @param groups the groups, by name
 * @param targets the targets, in the order of the declaration
 * @param absent groups that the decision left out of the mixture; without one, those that are
 *     declared dormant and have no share
 * @param supply what the decision knew of groups from the catalog that the run follows
 * @param commands operators' commands that held when the plan was made, the oldest first
 */
public record Explanation(
        String run,
        long step,
        Plan plan,
        List<TakenBack> takenBack,
        Optional<Declared> declaration,
        Optional<Made> decision,
        Optional<Guards> guards,
        GuardWork work,
        Chain before,
        Chain after,
        List<Group> groups,
        List<Target> targets,
        List<AbsentGroup> absent,
        List<SupplyLine> supply,
        List<CommandLine> commands) {

    /** The kind of the plan's making. */
    public enum Origin {
        /** A decision made it in this attempt. */
        DECIDED,
        /** It came with the checkpoint that the attempt resumed from. */
        CARRIED,
        /** It is the declared prior. */
        PRIOR,
        /** The bridge made it, because the log was away for long. */
        FALLBACK
    }

    /**
     * The plan of the step.
     *
     * @param version its version
     * @param label why it looks as it does; empty when its record is not in the log any more
     * @param origin where the attempt had it from
     * @param attempt the newest attempt that took the step
     * @param resumeStep first step of that attempt; empty when its start is not in the log
     * @param firstStep first step of that attempt that uses the plan
     * @param throughStep last step sealed for it so far
     * @param round the round that decided it; empty for a plan that no round decided
     * @param effectiveStep first step from which it might hold; empty as the round
     * @param digest its digest
     */
    public record Plan(
            long version,
            String label,
            Origin origin,
            long attempt,
            OptionalLong resumeStep,
            long firstStep,
            long throughStep,
            OptionalLong round,
            OptionalLong effectiveStep,
            String digest) {}

    /**
     * An older attempt that took the step.
     *
     * @param attempt the attempt
     * @param version version of the plan that the step used there
     */
    public record TakenBack(long attempt, long version) {}

    /**
     * What the guards were told.
     *
     * @param policy name of the policy
     * @param mode whether decisions are published
     * @param priorPull strength of the pull towards the prior
     * @param maxKl largest change of one plan, in nats
     * @param minGroupSequences a group with fewer sequences in a round keeps its averages
     * @param minTargetSequences a round in which a target has fewer sequences is held
     * @param digest digest of the declaration
     */
    public record Declared(
            String policy,
            String mode,
            double priorPull,
            double maxKl,
            int minGroupSequences,
            int minTargetSequences,
            String digest) {}

    /**
     * The decision that made the plan.
     *
     * @param attempt the attempt it was made for
     * @param epoch epoch of the controller
     * @param firstRound equals {@code round}, unless rounds were given up together
     * @param round the round
     * @param throughStep last step of the round
     * @param policy the policy that was asked
     * @param baseVersion version of the plan that it replaced
     * @param basis what the attempt's statistics began with
     * @param basisRound first round that was not in those statistics; -1 when that is not known
     * @param predictedGain expected change of the weighted score
     * @param predictedGainError one standard error of it
     * @param accepted signals counted in the attempt by then
     * @param duplicates repeated signals by then
     * @param late signals that came too late by then
     * @param total the same over all attempts
     * @param absentReporters reporters of the attempt that are not in the round
     * @param absentReporterNames their names; empty when the attempt's start is not in the log
     */
    public record Made(
            long attempt,
            long epoch,
            long firstRound,
            long round,
            long throughStep,
            String policy,
            long baseVersion,
            String basis,
            long basisRound,
            double predictedGain,
            double predictedGainError,
            long accepted,
            long duplicates,
            long late,
            Optional<SignalTotals> total,
            int absentReporters,
            List<String> absentReporterNames) {}

    /**
     * What became of the proposal from guard to guard. Divergences are from the mixture that the
     * plan replaced, in nats; those before the decision are empty when this build cannot retrace
     * them.
     *
     * @param proposedKl of the policy's proposal
     * @param pulledKl after the pull to the prior
     * @param boxedKl after the box
     * @param decidedKl of the decision
     * @param fraction share of the step that the largest change allowed, in [0, 1]
     * @param bound groups at their floor or cap
     * @param boxExceeds whether the box alone led further than the largest change
     */
    public record Guards(
            OptionalDouble proposedKl,
            OptionalDouble pulledKl,
            OptionalDouble boxedKl,
            double decidedKl,
            double fraction,
            int bound,
            boolean boxExceeds) {}

    /**
     * Decisions in the order of their rounds.
     *
     * @param decisions the newest of them
     * @param leftOut how many older ones were left out
     */
    public record Chain(List<Link> decisions, long leftOut) {}

    /**
     * A decision in a chain.
     *
     * @param decision the decision
     * @param answer what a bridge said of its plan; empty when it made none or no answer is in the
     *     log
     */
    public record Link(DecisionLine decision, Optional<AckVerdict> answer) {}

    /**
     * One group. What is empty is not in the log, or cannot be retraced.
     *
     * @param group the group
     * @param prior share without evidence
     * @param floor least share
     * @param cap largest share
     * @param before share in the plan that was replaced
     * @param proposed share that the policy proposed
     * @param pulled the same after the pull to the prior
     * @param boxed the same after the box
     * @param now share in the plan of the step
     * @param score the policy's score; positive means more of it
     * @param tokens tokens drawn in the deciding round
     * @param meanLoss mean loss per token in that round, in nats
     * @param alignments averaged cosine with each target, in the order of the targets
     * @param alignmentErrors one standard error of each
     */
    public record Group(
            String group,
            OptionalDouble prior,
            OptionalDouble floor,
            OptionalDouble cap,
            OptionalDouble before,
            OptionalDouble proposed,
            OptionalDouble pulled,
            OptionalDouble boxed,
            OptionalDouble now,
            OptionalDouble score,
            OptionalLong tokens,
            OptionalDouble meanLoss,
            List<Double> alignments,
            List<Double> alignmentErrors) {

        /** Change of the share by the plan; 0 when one of the two is not known. */
        public double change() {
            return before.isPresent() && now.isPresent()
                    ? now.getAsDouble() - before.getAsDouble()
                    : 0;
        }
    }

    /**
     * One target in the deciding round.
     *
     * @param target the target
     * @param weight its weight among the targets
     * @param tokens tokens measured; empty when none were
     * @param sequences sequences measured; empty when none were
     * @param meanLoss mean loss per token, in nats
     */
    public record Target(
            String target,
            double weight,
            OptionalLong tokens,
            OptionalLong sequences,
            OptionalDouble meanLoss) {}
}
