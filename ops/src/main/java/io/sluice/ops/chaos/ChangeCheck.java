package io.sluice.ops.chaos;

import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I2}: KL(new || replaced) is at most the run's largest change. A plan whose box
 * alone led further says so, and is exempt.
 */
final class ChangeCheck implements Oracle.Check {

    private static final double ROUNDING = 1e-9;

    @Override
    public Finding check(Evidence evidence) {
        Map<String, MixturePlan> known = new HashMap<>();
        evidence.history().plans().forEach(e -> known.put(e.value().getDigest(), e.value()));
        evidence.history().attempts().forEach(e -> put(known, e.value().getInForce()));
        evidence.history().acks().forEach(e -> put(known, e.value().getInForce()));
        List<String> violations = new ArrayList<>();
        long looked = 0;
        for (var entry : evidence.history().acks()) {
            MixturePlan plan = entry.value().getInForce();
            if (entry.value().getVerdict() != AckVerdict.ACCEPTED
                    || plan.getLabel() != PlanLabel.POLICY) {
                continue;
            }
            looked++;
            MixturePlan replaced = known.get(plan.getReplaces());
            String where = "the plan accepted at offset " + entry.offset();
            if (replaced == null) {
                violations.add(where + " replaces one that stands nowhere");
                continue;
            }
            double kl = divergence(plan.getWeights(), replaced.getWeights());
            if (!(kl <= evidence.spec().guards().maxKl() + ROUNDING)) {
                violations.add(where + " is " + kl + " nats from the one it replaces");
            }
        }
        return new Finding(Invariant.I2, looked, violations);
    }

    private static void put(Map<String, MixturePlan> known, MixturePlan plan) {
        known.put(plan.getDigest(), plan);
    }

    private static double divergence(List<GroupWeight> weights, List<GroupWeight> replaced) {
        double sum = 0;
        for (int j = 0; j < weights.size(); j++) {
            double weight = weights.get(j).getWeight();
            if (weight > 0) {
                sum += weight * Math.log(weight / replaced.get(j).getWeight());
            }
        }
        return sum;
    }
}
