package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Which runs draw from which catalog, and by what plans. */
final class PlanView {

    private final Contract contract;
    private final Map<String, Set<String>> runs = new HashMap<>();
    private final Map<String, Map<String, Double>> plans = new HashMap<>();

    PlanView(Contract contract) {
        this.contract = contract;
    }

    /** Takes in a record of the catalogs topic. */
    void applyCatalog(RawRecord raw) {
        try {
            if (CatalogRecords.read(raw, contract) instanceof CatalogRun run) {
                Set<String> drawing =
                        runs.computeIfAbsent(run.getCatalog(), key -> new TreeSet<>());
                if (run.getDraws()) {
                    drawing.add(run.getRunId());
                } else {
                    drawing.remove(run.getRunId());
                }
            }
        } catch (CandidateException e) {
            // The stage that reads the topic for all has rejected it.
        }
    }

    /** Takes in a record of the plans topic; the last plan of a run is the one to follow. */
    void applyPlan(RawRecord raw) {
        try {
            if (CatalogRecords.decode(raw, contract) instanceof MixturePlan plan) {
                Map<String, Double> weights = new HashMap<>();
                for (GroupWeight weight : plan.getWeights()) {
                    weights.put(weight.getGroup(), weight.getWeight());
                }
                plans.put(plan.getRunId(), weights);
            }
        } catch (CandidateException e) {
            // Not a plan: bridges refuse it, and so does admission.
        }
    }

    /** The largest share of a group among the runs that draw; empty when no plan names it. */
    OptionalDouble share(String catalog, String group) {
        return runs.getOrDefault(catalog, Set.of()).stream()
                .map(run -> plans.getOrDefault(run, Map.of()).get(group))
                .filter(weight -> weight != null && weight >= 0 && weight <= 1)
                .mapToDouble(Double::doubleValue)
                .max();
    }
}
