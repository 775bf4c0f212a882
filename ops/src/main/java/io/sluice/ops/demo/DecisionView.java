package io.sluice.ops.demo;

import io.sluice.ops.page.RoundDecision;
import io.sluice.ops.page.RunHistory;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.HoldReason;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows a decision of the log on the page. */
final class DecisionView {

    private DecisionView() {}

    static void show(Decision decision, RunHistory history) {
        List<GroupDecision> groups = decision.getGroups();
        long step = decision.getThroughStep();
        double[] losses = column(groups, GroupDecision::getMeanLoss);
        for (int j = 0; j < losses.length; j++) {
            if (groups.get(j).getTokens() == 0) {
                losses[j] = Double.NaN;
            }
        }
        history.groupLosses(step, losses);
        boolean asked =
                decision.getHold() == HoldReason.NONE || decision.getHold() == HoldReason.UNCHANGED;
        if (asked) {
            history.alignment(
                    step,
                    column(groups, GroupDecision::getScore),
                    rows(groups, GroupDecision::getAlignments),
                    rows(groups, GroupDecision::getAlignmentErrors));
        }
        boolean changed = decision.getHold() == HoldReason.NONE;
        history.decision(
                new RoundDecision(
                        decision.getRound(),
                        step,
                        decision.getPolicy(),
                        changed ? RoundDecision.Outcome.CHANGED : RoundDecision.Outcome.HELD,
                        changed ? "" : decision.getHold().name(),
                        decision.getHoldMessage(),
                        changed ? decision.getPlanVersion() : decision.getBaseVersion(),
                        changed ? decision.getEffectiveStep() : 0,
                        decision.getKl(),
                        decision.getFraction(),
                        decision.getBound(),
                        decision.getPredictedGain(),
                        decision.getPredictedGainError(),
                        column(groups, GroupDecision::getBase),
                        column(groups, GroupDecision::getProposed),
                        column(groups, GroupDecision::getDecided),
                        column(groups, GroupDecision::getScore)));
    }

    private static double[] column(
            List<GroupDecision> groups, ToDoubleFunction<GroupDecision> value) {
        return groups.stream().mapToDouble(value).toArray();
    }

    private static double[][] rows(
            List<GroupDecision> groups,
            java.util.function.Function<GroupDecision, List<Double>> values) {
        double[][] rows = new double[groups.size()][];
        Arrays.setAll(
                rows,
                j ->
                        values.apply(groups.get(j)).stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray());
        return rows;
    }
}
