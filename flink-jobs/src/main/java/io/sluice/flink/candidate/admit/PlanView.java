package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs draw from which catalog, and by what plans. It is bounded: beyond {@value
 * #MOST_WEIGHTS} weights the plans that were asked for longest ago are forgotten, and beyond
 * {@value #MOST_RUNS} runs no more are followed.
 */
final class PlanView {

    /** Most groups of all plans together, some 100 bytes each. */
    static final int MOST_WEIGHTS = 1_000_000;

    /** Most runs of all catalogs together. */
    static final int MOST_RUNS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(PlanView.class);

    private final Contract contract;
    private final Map<String, Set<String>> runs = new HashMap<>();
    private final Map<String, Map<String, Double>> plans = new LinkedHashMap<>(16, 0.75f, true);
    private int following;
    private int weights;

    PlanView(Contract contract) {
        this.contract = contract;
    }

    /** Takes in a record of the catalogs topic. */
    void applyCatalog(RawRecord raw) {
        try {
            if (CatalogRecords.read(raw, contract) instanceof CatalogRun run) {
                Set<String> drawing =
                        runs.computeIfAbsent(run.getCatalog(), key -> new TreeSet<>());
                if (!run.getDraws()) {
                    following -= drawing.remove(run.getRunId()) ? 1 : 0;
                } else if (following < MOST_RUNS) {
                    following += drawing.add(run.getRunId()) ? 1 : 0;
                } else if (!drawing.contains(run.getRunId())) {
                    LOG.warn("run '{}' is not followed: {} are at most", run.getRunId(), MOST_RUNS);
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
                Map<String, Double> shares = new HashMap<>();
                for (GroupWeight weight : plan.getWeights()) {
                    shares.put(weight.getGroup(), weight.getWeight());
                }
                Map<String, Double> before = plans.put(plan.getRunId(), shares);
                weights += shares.size() - (before == null ? 0 : before.size());
                forget();
            }
        } catch (CandidateException e) {
            // Not a plan: bridges refuse it, and so does admission.
        }
    }

    private void forget() {
        Iterator<Map.Entry<String, Map<String, Double>>> eldest = plans.entrySet().iterator();
        while (weights > MOST_WEIGHTS && plans.size() > 1) {
            Map.Entry<String, Map<String, Double>> forgotten = eldest.next();
            LOG.warn("the plan of run '{}' is forgotten: too many groups", forgotten.getKey());
            weights -= forgotten.getValue().size();
            eldest.remove();
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
