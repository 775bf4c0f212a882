package io.sluice.ops.mixing;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.policy.RoundSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a step file says of sketches, where the policy asks for it. */
final class StepGeometry {

    private StepGeometry() {}

    /**
     * @param groups fields of the groups, by id
     * @param targets ids of the targets
     */
    static Optional<RoundSnapshot.Geometry> of(
            Map<String, JsonFields> groups, Set<String> targets, PolicySpec policy) {
        SketchWork work = SketchWork.of(policy);
        if (!work.isAny()) {
            return Optional.empty();
        }
        int m = groups.size();
        List<String> ids = new ArrayList<>(groups.keySet());
        boolean[] measured = new boolean[m];
        double[][] influence = new double[work.asksForInfluence() ? targets.size() : 0][m];
        double[][] variance = new double[influence.length][m];
        double[][] gram = new double[work.gram() ? m : 0][m];
        for (int j = 0; j < m; j++) {
            JsonFields group = groups.get(ids.get(j));
            measured[j] =
                    (influence.length == 0 || group.has("influences"))
                            && (gram.length == 0 || group.has("cosines"));
            if (measured[j] && influence.length > 0) {
                influences(group, targets, j, influence, variance);
            }
            if (measured[j] && gram.length > 0) {
                gram[j][j] = group.number("signal", -1, 1).orElse(1.0);
                cosines(group, ids, j, gram);
            }
        }
        return Optional.of(new RoundSnapshot.Geometry(measured, influence, variance, gram));
    }

    private static void influences(
            JsonFields group,
            Set<String> targets,
            int j,
            double[][] influence,
            double[][] variance) {
        JsonFields means = group.object("influences", targets);
        JsonFields errors = group.object("influence_errors", targets);
        int i = 0;
        for (String target : targets) {
            influence[i][j] =
                    means.number(target, -1, 1)
                            .orElseThrow(
                                    () -> means.wrong(target, "is missing: write the influence"));
            double error = errors.number(target, 0, 1).orElse(0.0);
            variance[i][j] = error * error;
            i++;
        }
    }

    /** A pair stands with either of its groups. */
    private static void cosines(JsonFields group, List<String> ids, int j, double[][] gram) {
        JsonFields cosines = group.object("cosines", Set.copyOf(ids));
        for (int k = 0; k < ids.size(); k++) {
            if (cosines.has(ids.get(k))) {
                if (k == j) {
                    throw cosines.wrong(ids.get(k), "is the group itself: write it as signal");
                }
                gram[j][k] = cosines.number(ids.get(k), -1, 1).orElseThrow();
                gram[k][j] = gram[j][k];
            }
        }
    }
}
