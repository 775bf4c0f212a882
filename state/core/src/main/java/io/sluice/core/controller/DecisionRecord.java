package io.sluice.core.controller;

import io.sluice.core.control.CommandReport;
import io.sluice.core.controller.Decision.GroupDecision;
import io.sluice.core.controller.Decision.GuardEffects;
import io.sluice.core.controller.Decision.TargetDecision;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes one round's decision down.
 *
 * @param state what the controller knew
 * @param round what it decided on
 * @param averages averaged alignments, the round's among them
 * @param policy the policy that rules
 * @param commands what became of operators' commands
 * @param epoch the controller's epoch
 */
record DecisionRecord(
        ControllerState state,
        RoundResult round,
        AlignmentAverages averages,
        String policy,
        CommandReport commands,
        long epoch) {

    /** Nothing changed, and no policy was asked. */
    Decision held(Hold hold) {
        return decision(
                Optional.of(hold),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                state.inForce().mixture().weights());
    }

    /**
     * Weights were decided.
     *
     * @param hold why they are not published; absent with a plan
     * @param proposal the policy's; absent when it was not asked
     */
    Decision decided(
            Optional<Hold> hold,
            Optional<Plan> plan,
            Optional<PolicyStep> proposal,
            GuardEffects effects,
            double[] weights) {
        return decision(hold, plan, proposal, Optional.of(effects), weights);
    }

    private Decision decision(
            Optional<Hold> hold,
            Optional<Plan> plan,
            Optional<PolicyStep> proposal,
            Optional<GuardEffects> effects,
            double[] weights) {
        RunSpec spec = state.spec();
        int m = spec.groups().size();
        double[] base = state.inForce().mixture().weights();
        double[] proposed =
                proposal.map(step -> LogWeights.softmax(step.logWeights())).orElse(base);
        boolean observing = hold.map(held -> held.reason() == Hold.Reason.OBSERVING).orElse(false);
        double[] decided = plan.isPresent() || observing ? weights : base;
        double[] scores = proposal.map(PolicyStep::scores).orElse(new double[m]);
        double[] errors = proposal.map(PolicyStep::scoreErrors).orElse(new double[m]);
        ShardRound.GroupRound[] measured = new ShardRound.GroupRound[m];
        round.groups().forEach(group -> measured[group.index()] = group);
        RoundSnapshot.Alignments alignments = averages.view(spec);
        List<GroupDecision> groups = new ArrayList<>(m);
        double gain = 0;
        double variance = 0;
        for (int j = 0; j < m; j++) {
            double change = decided[j] - base[j];
            gain += change * scores[j];
            variance += change * change * errors[j] * errors[j];
            groups.add(
                    new GroupDecision(
                            j,
                            base[j],
                            proposed[j],
                            decided[j],
                            scores[j],
                            measured[j] == null ? 0 : measured[j].tokens(),
                            measured[j] == null ? 0 : measured[j].meanLoss(),
                            column(alignments.mean(), j),
                            column(alignments.standardError(), j),
                            (long) state.guards().drawn()[j],
                            state.overrides().membership().has(spec.groups().get(j)),
                            state.catalog().of(spec.groups().get(j).id())));
        }
        return new Decision(
                spec.runId(),
                spec.digest(),
                state.attempt().number(),
                epoch,
                round.firstRound(),
                round.round(),
                round.throughStep(),
                policy,
                state.inForce().version(),
                state.inForce().digest(),
                state.basis(),
                hold,
                plan,
                effects,
                groups,
                round.targets().stream()
                        .map(
                                t ->
                                        new TargetDecision(
                                                t.index(), t.tokens(), t.sequences(), t.meanLoss()))
                        .toList(),
                round.evaluations(),
                gain,
                Math.sqrt(variance),
                round.counts(),
                state.counts().total(round.counts()),
                state.counts().lineage(),
                state.unanswered().size(),
                round.status() == ShardRound.Status.COMPLETE,
                absentReporters(),
                commands);
    }

    private List<Integer> absentReporters() {
        List<Integer> absent = new ArrayList<>();
        if (round.status() == ShardRound.Status.PARTIAL) {
            List<String> all = state.attempt().reporters();
            Set<String> present = Set.copyOf(round.reporters());
            for (int i = 0; i < all.size(); i++) {
                if (!present.contains(all.get(i))) {
                    absent.add(i);
                }
            }
        }
        return absent;
    }

    private static double[] column(double[][] rows, int j) {
        double[] column = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            column[i] = rows[i][j];
        }
        return column;
    }
}
