package io.sluice.ops.bench;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.Seal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * Which plan the log says that each step used: that of the last attempt which took the step. Where
 * an attempt resumes, what earlier ones sealed from there on does not count any more.
 */
final class Lineage {

    private final Plan[] plans;

    private Lineage(Plan[] plans) {
        this.plans = plans;
    }

    /**
     * Reads the log.
     *
     * @param resumeSteps first step of each attempt, by its number
     * @param seals all seals, in any order
     * @param steps how many steps the run took, from step 0
     */
    static Lineage of(NavigableMap<Long, Long> resumeSteps, List<Seal> seals, int steps) {
        Map<String, Plan> known = new HashMap<>();
        for (Seal seal : seals) {
            if (!seal.getWeights().isEmpty()) {
                known.putIfAbsent(seal.getDigest(), plan(seal));
            }
        }
        Plan[] plans = new Plan[steps];
        resumeSteps.forEach(
                (attempt, resumeStep) -> {
                    Arrays.fill(plans, (int) Math.min(resumeStep, steps), steps, null);
                    for (Seal seal : seals) {
                        if (seal.getAttempt() == attempt) {
                            Arrays.fill(
                                    plans,
                                    (int) Math.min(seal.getFromStep(), steps),
                                    (int) Math.min(seal.getThroughStep() + 1, steps),
                                    known.get(seal.getDigest()));
                        }
                    }
                });
        return new Lineage(plans);
    }

    /** The plan that a seal names for a step; empty where none does. */
    Optional<Plan> sealed(int step) {
        return Optional.ofNullable(plans[step]);
    }

    /**
     * The plan of every step with its first step. A bridge that is killed takes the seals with it
     * that it has not sent; for steps that no seal names, or a wrong one, a neighbouring step's
     * plan is taken where it has the version that the step used, and null otherwise.
     */
    SealedPlan[] complete(IntToLongFunction usedVersion) {
        Plan[] all = plans.clone();
        for (int step = 0; step < all.length; step++) {
            if (!fits(all[step], usedVersion.applyAsLong(step))) {
                all[step] = null;
            }
        }
        for (int step = 1; step < all.length; step++) {
            if (all[step] == null && fits(all[step - 1], usedVersion.applyAsLong(step))) {
                all[step] = all[step - 1];
            }
        }
        for (int step = all.length - 2; step >= 0; step--) {
            if (all[step] == null && fits(all[step + 1], usedVersion.applyAsLong(step))) {
                all[step] = all[step + 1];
            }
        }
        SealedPlan[] complete = new SealedPlan[all.length];
        for (int step = 0; step < all.length; step++) {
            boolean goesOn = step > 0 && all[step] != null && all[step].equals(all[step - 1]);
            if (goesOn) {
                complete[step] = complete[step - 1];
            } else if (all[step] != null) {
                complete[step] = new SealedPlan(all[step], step);
            }
        }
        return complete;
    }

    private static boolean fits(Plan plan, long version) {
        return plan != null && plan.version() == version;
    }

    private static Plan plan(Seal seal) {
        List<GroupWeight> weights = seal.getWeights();
        return new Plan(
                seal.getRunId(),
                seal.getAttempt(),
                0,
                seal.getSpecDigest(),
                -1,
                seal.getVersion(),
                "",
                seal.getFromStep(),
                Mixture.of(
                        weights.stream().map(weight -> new GroupId(weight.getGroup())).toList(),
                        weights.stream().mapToDouble(GroupWeight::getWeight).toArray()),
                Plan.Label.POLICY,
                seal.getDigest());
    }
}
