package io.sluice.core.controller;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.CommandReport;
import io.sluice.core.domain.Plan;
import io.sluice.core.guard.Governor;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import java.util.List;
import java.util.Optional;

/**
 * One round's outcome with its reasons: enough to explain, and to replay, why the mixture is what
 * it is.
 *
 * @param runId the run
 * @param specDigest digest of the run spec
 * @param attempt the attempt
 * @param epoch the controller's epoch
 * @param firstRound equals {@code round}, unless rounds were given up together
 * @param round the round
 * @param throughStep its last step
 * @param policy the policy that was asked
 * @param baseVersion version of the plan in force, as the controller knew it
 * @param baseDigest its digest
 * @param basis what the attempt's statistics began with
 * @param hold why nothing changed; absent when a plan was made
 * @param plan the plan that was made
 * @param guards what the guards did to the proposal; absent when none was made
 * @param groups one entry per group, by index
 * @param targets measured targets
 * @param evaluations held-out losses of the round
 * @param predictedGain expected change of the weighted score by the change of the mixture, in units
 *     of score
 * @param predictedGainError one standard error of it
 * @param counts totals of signals over the attempt, through the round
 * @param total the same over all attempts of the run
 * @param lineage signals accepted in the decided rounds that survive, through the round
 * @param waiting plans that waited for a bridge's answer
 * @param complete whether every acknowledged signal of the round was in; an operator's plan may be
 *     made without
 * @param absentReporters of a partial round, the reporters that are not in it: their places in the
 *     attempt's order, increasing
 * @param commands which of the operators' commands were heeded, and which hold
 */
public record Decision(
        String runId,
        String specDigest,
        long attempt,
        long epoch,
        long firstRound,
        long round,
        long throughStep,
        String policy,
        long baseVersion,
        String baseDigest,
        Basis basis,
        Optional<Hold> hold,
        Optional<Plan> plan,
        Optional<GuardEffects> guards,
        List<GroupDecision> groups,
        List<TargetDecision> targets,
        List<RoundClosed.Evaluation> evaluations,
        double predictedGain,
        double predictedGainError,
        ShardRound.Counts counts,
        ShardRound.Counts total,
        long lineage,
        int waiting,
        boolean complete,
        List<Integer> absentReporters,
        CommandReport commands) {

    /**
     * What the guards did.
     *
     * @param fraction share of the step that the largest change allowed, in [0, 1]
     * @param kl divergence of the new mixture from the one in force, in nats
     * @param bound how many groups lie at their floor or cap
     * @param boxExceeds whether the box alone led further than the largest change
     * @param heldBySupply how many groups have a lower cap than declared, because they would repeat
     * @param relaxation factor on the epochs that groups may be drawn, 1 unless supplies leave no
     *     mixture
     * @param governor what the governor does
     * @param verdict the governor's last comparison with the prior, if there was one
     * @param targetPrices what broken ceilings add to the targets' weights, by target index
     */
    public record GuardEffects(
            double fraction,
            double kl,
            int bound,
            boolean boxExceeds,
            int heldBySupply,
            double relaxation,
            Governor.Phase governor,
            Optional<Governor.Verdict> verdict,
            double[] targetPrices) {}

    /**
     * One group in a decision.
     *
     * @param index index in the run spec
     * @param base weight in force
     * @param proposed weight the policy proposed; equals base when it was not asked
     * @param decided weight decided; in a run that observes, the one it would have had
     * @param score the policy's score; 0 when it was not asked
     * @param tokens tokens drawn in the round
     * @param meanLoss mean loss per token; 0 when no token was drawn
     * @param alignments averaged cosine with each target, by target index
     * @param alignmentErrors one standard error of each
     * @param drawn tokens drawn of the group in the steps that survive, the round's among them
     * @param present whether the group is in the mixture
     * @param news what was known of it from the run's catalog: its supply, where one is told, is
     *     the one that was reckoned with
     */
    public record GroupDecision(
            int index,
            double base,
            double proposed,
            double decided,
            double score,
            long tokens,
            double meanLoss,
            double[] alignments,
            double[] alignmentErrors,
            long drawn,
            boolean present,
            GroupNews news) {}

    /**
     * One target in a decision: its index, what was measured, and the mean loss per token there.
     */
    public record TargetDecision(int index, long tokens, long sequences, double meanLoss) {}

    public Decision {
        absentReporters = List.copyOf(absentReporters);
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        evaluations = List.copyOf(evaluations);
    }
}
