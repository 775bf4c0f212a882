package io.sluice.ops.chaos;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.schemas.GroupWeight;
import java.util.ArrayList;
import java.util.List;

/** {@link Invariant#I1}, of every plan, of every mixture in force, and of every seal. */
final class MixtureCheck implements Oracle.Check {

    private static final double ROUNDING = 1e-9;

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        long looked = 0;
        for (var entry : evidence.history().plans()) {
            looked++;
            judge(
                    evidence.spec(),
                    entry.value().getWeights(),
                    "plan at offset " + entry.offset(),
                    violations);
        }
        for (var entry : evidence.history().acks()) {
            looked++;
            judge(
                    evidence.spec(),
                    entry.value().getInForce().getWeights(),
                    "mixture in force of the ack at offset " + entry.offset(),
                    violations);
        }
        for (var entry : evidence.history().seals()) {
            if (!entry.value().getWeights().isEmpty()) {
                looked++;
                judge(
                        evidence.spec(),
                        entry.value().getWeights(),
                        "seal at offset " + entry.offset(),
                        violations);
            }
        }
        return new Finding(Invariant.I1, looked, violations);
    }

    private static void judge(
            RunSpec spec, List<GroupWeight> weights, String where, List<String> violations) {
        List<String> groups = spec.groupIds().stream().map(group -> group.value()).toList();
        if (!weights.stream().map(GroupWeight::getGroup).toList().equals(groups)) {
            violations.add(where + " has other groups than the run");
            return;
        }
        double sum = 0;
        for (int j = 0; j < weights.size(); j++) {
            GroupSpec bounds = spec.groups().get(j);
            double weight = weights.get(j).getWeight();
            sum += weight;
            if (!(weight >= bounds.floor() - ROUNDING && weight <= bounds.cap() + ROUNDING)) {
                violations.add(where + " gives " + groups.get(j) + " " + weight);
            }
        }
        if (!(Math.abs(sum - 1) <= ROUNDING)) {
            violations.add(where + " sums to " + sum);
        }
    }
}
