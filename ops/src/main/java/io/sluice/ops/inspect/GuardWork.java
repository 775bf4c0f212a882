package io.sluice.ops.inspect;

import io.sluice.core.guard.CeilingGuard;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GovernorPhase;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.TargetDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What governor, ceilings and repetition did in a decision.
 *
 * @param returned whether the governor has returned to the prior
 * @param comparison what it saw last; empty when nothing was compared
 * @param prices targets that have more weight than declared
 * @param heldBySupply groups with a lower cap than declared, because they would repeat
 * @param relaxation factor on the epochs that groups may be drawn; 1 unless supplies leave no
 *     mixture
 */
public record GuardWork(
        boolean returned,
        Optional<Comparison> comparison,
        List<Price> prices,
        int heldBySupply,
        double relaxation) {

    /** Nothing. */
    static final GuardWork NONE = new GuardWork(false, Optional.empty(), List.of(), 0, 1);

    /**
     * The governor's last comparison, over one window.
     *
     * @param realised drop of the run's loss, in nats
     * @param prior drop that the prior would have achieved, in nats
     * @param error one standard error of the difference, in nats
     */
    public record Comparison(double realised, double prior, double error) {}

    /**
     * A target that was above its ceiling.
     *
     * @param target the target
     * @param ceiling the loss that it is to stay below, in nats per token
     * @param price what the broken ceiling adds to its weight, before weights sum to 1 again
     * @param declared its weight as declared
     * @param weight its weight in the decision
     */
    public record Price(
            String target, double ceiling, double price, double declared, double weight) {}

    /**
     * What a decision says.
     *
     * @param spec its declaration; without it prices are not told
     */
    static GuardWork of(Decision decision, Optional<RunSpec> spec) {
        return new GuardWork(
                decision.getGovernor() == GovernorPhase.RETURNED,
                decision.getProgressError() < 0
                        ? Optional.empty()
                        : Optional.of(
                                new Comparison(
                                        decision.getRealisedProgress(),
                                        decision.getPriorProgress(),
                                        decision.getProgressError())),
                spec.map(s -> prices(decision.getTargetPrices(), s.getTargets())).orElse(List.of()),
                decision.getHeldBySupply(),
                decision.getRelaxation());
    }

    private static List<Price> prices(List<Double> prices, List<TargetDeclaration> targets) {
        if (prices.size() != targets.size()) {
            return List.of();
        }
        double[] weights =
                CeilingGuard.weights(
                        targets.stream().mapToDouble(TargetDeclaration::getWeight).toArray(),
                        prices.stream().mapToDouble(Double::doubleValue).toArray());
        List<Price> raised = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            TargetDeclaration target = targets.get(i);
            if (prices.get(i) > 0) {
                raised.add(
                        new Price(
                                target.getId(),
                                target.getCeiling(),
                                prices.get(i),
                                target.getWeight(),
                                weights[i]));
            }
        }
        return raised;
    }
}
