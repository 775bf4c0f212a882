package io.sluice.bridge.daemon;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A plan as JSON. */
record PlanForm(
        String run,
        long attempt,
        long epoch,
        String specDigest,
        long round,
        long version,
        String replaces,
        long effectiveStep,
        String label,
        String digest,
        Map<String, Double> weights) {

    PlanForm {
        Json.required(run, "run");
        Json.required(specDigest, "spec_digest");
        Json.required(replaces, "replaces");
        Json.required(label, "label");
        Json.required(digest, "digest");
        Json.required(weights, "weights");
        weights.forEach((group, weight) -> Json.required(weight, group));
    }

    static PlanForm of(Plan plan) {
        return new PlanForm(
                plan.runId(),
                plan.attempt(),
                plan.epoch(),
                plan.specDigest(),
                plan.round(),
                plan.version(),
                plan.replaces(),
                plan.effectiveStep(),
                Json.lowerCase(plan.label().name()),
                plan.digest(),
                weights(plan.mixture()));
    }

    /** The weights of a mixture by group, in order. */
    static Map<String, Double> weights(Mixture mixture) {
        Map<String, Double> weights = new LinkedHashMap<>();
        for (int j = 0; j < mixture.size(); j++) {
            weights.put(mixture.groups().get(j).value(), mixture.weight(j));
        }
        return weights;
    }

    /**
     * The plan that this states.
     *
     * @throws IllegalArgumentException when its weights are no mixture, or its label is none
     */
    Plan plan() {
        TreeMap<String, Double> sorted = new TreeMap<>(weights);
        List<GroupId> groups = sorted.keySet().stream().map(GroupId::new).toList();
        double[] values = sorted.values().stream().mapToDouble(Double::doubleValue).toArray();
        return new Plan(
                run,
                attempt,
                epoch,
                specDigest,
                round,
                version,
                replaces,
                effectiveStep,
                Mixture.of(groups, values),
                Plan.Label.valueOf(label.toUpperCase(Locale.ROOT)),
                digest);
    }
}
