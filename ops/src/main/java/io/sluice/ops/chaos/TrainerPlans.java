package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.SealedPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The plans of the steps that a trainer has leases for. Written by one thread, read by more. */
final class TrainerPlans {

    private final Map<Long, Plan> plans = new HashMap<>();
    private final ConcurrentSkipListMap<Long, Span> spans = new ConcurrentSkipListMap<>();
    private volatile long sealedThrough = -1;
    private long newestVersion = -1;

    /** One plan for the steps up to one. */
    record Span(long through, SealedPlan plan) {}

    /** Takes the spans of a lease's answer. */
    void take(JsonNode lease) {
        for (JsonNode span : lease.get("spans")) {
            long version = span.get("version").asLong();
            if (!span.path("plan").isNull() && !span.path("plan").isMissingNode()) {
                plans.put(version, plan(span.get("plan")));
            }
            newestVersion = version;
            spans.put(
                    span.get("from").asLong(),
                    new Span(
                            span.get("through").asLong(),
                            new SealedPlan(plans.get(version), span.get("first_step").asLong())));
        }
        sealedThrough = lease.get("sealed_through").asLong();
    }

    /** The plan of a step; empty while there is no lease for it. */
    Optional<SealedPlan> of(long step) {
        Map.Entry<Long, Span> entry = spans.floorEntry(step);
        return entry == null || entry.getValue().through() < step
                ? Optional.empty()
                : Optional.of(entry.getValue().plan());
    }

    /** The last step that has a plan; -1 when none has. */
    long sealedThrough() {
        return sealedThrough;
    }

    /** The version whose plan need not be told again; -1 when every one must. */
    long newestVersion() {
        return newestVersion;
    }

    /** Forgets what steps before one used. */
    void forgetBefore(long step) {
        Long first = spans.floorKey(step);
        if (first != null) {
            spans.headMap(first).clear();
        }
    }

    private static Plan plan(JsonNode plan) {
        TreeMap<String, Double> weights = new TreeMap<>();
        plan.get("weights")
                .properties()
                .forEach(entry -> weights.put(entry.getKey(), entry.getValue().asDouble()));
        List<GroupId> groups = weights.keySet().stream().map(GroupId::new).toList();
        return new Plan(
                plan.get("run").asText(),
                plan.get("attempt").asLong(),
                plan.get("epoch").asLong(),
                plan.get("spec_digest").asText(),
                plan.get("round").asLong(),
                plan.get("version").asLong(),
                plan.get("replaces").asText(),
                plan.get("effective_step").asLong(),
                Mixture.of(
                        groups,
                        weights.values().stream().mapToDouble(Double::doubleValue).toArray()),
                Plan.Label.POLICY,
                plan.get("digest").asText());
    }
}
