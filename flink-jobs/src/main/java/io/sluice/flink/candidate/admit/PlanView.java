package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs draw from which catalog, and by what mixtures.
 *
 * <p>Of a run's plans the newest counts that its bridge accepts, or may: one of an older attempt,
 * of a controller with a lower epoch or of no higher version changes nothing, and an answer to the
 * newest says which mixture is in force.
 *
 * <p>It is bounded: beyond {@value #MOST_WEIGHTS} weights the runs that were asked for longest ago
 * are forgotten, and beyond {@value #MOST_RUNS} runs no more are followed.
 */
final class PlanView {

    /** Most groups of all plans together, some 100 bytes each. */
    static final int MOST_WEIGHTS = 1_000_000;

    /** Most runs of all catalogs together. */
    static final int MOST_RUNS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(PlanView.class);

    private final Contract contract;
    private final Map<String, Set<String>> runs = new HashMap<>();
    private final Map<String, Followed> followed = new LinkedHashMap<>(16, 0.75f, true);
    private int following;
    private int weights;

    /**
     * What is known of a run's plans.
     *
     * @param epoch the highest epoch seen
     * @param attempt the latest attempt seen
     * @param version the newest version of that attempt
     * @param weights the mixture to follow, by group
     */
    private record Followed(long epoch, long attempt, long version, Map<String, Double> weights) {

        static final Followed NOTHING =
                new Followed(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Map.of());
    }

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

    /** Takes in a record of the plans topic. */
    void applyPlan(RawRecord raw) {
        try {
            if (CatalogRecords.decode(raw, contract) instanceof MixturePlan plan) {
                Followed before = followed.getOrDefault(plan.getRunId(), Followed.NOTHING);
                boolean later =
                        plan.getAttempt() > before.attempt
                                || plan.getAttempt() == before.attempt
                                        && plan.getVersion() > before.version;
                if (later && plan.getEpoch() >= before.epoch) {
                    follow(
                            plan.getRunId(),
                            new Followed(
                                    plan.getEpoch(),
                                    plan.getAttempt(),
                                    plan.getVersion(),
                                    weights(plan.getWeights())));
                }
            }
        } catch (CandidateException e) {
            // Not a plan: bridges refuse it, and so does admission.
        }
    }

    /** Takes in a record of the acks topic. */
    void applyAck(RawRecord raw) {
        try {
            if (CatalogRecords.decode(raw, contract) instanceof PlanAck ack) {
                Followed before = followed.getOrDefault(ack.getRunId(), Followed.NOTHING);
                boolean toTheNewest =
                        ack.getAttempt() > before.attempt
                                || ack.getAttempt() == before.attempt
                                        && ack.getOfferedVersion() >= before.version;
                if (toTheNewest) {
                    follow(
                            ack.getRunId(),
                            new Followed(
                                    Math.max(before.epoch, ack.getOfferedEpoch()),
                                    ack.getAttempt(),
                                    ack.getInForce().getVersion(),
                                    weights(ack.getInForce().getWeights())));
                }
            }
        } catch (CandidateException e) {
            // Not an answer.
        }
    }

    private void follow(String run, Followed now) {
        Followed before = followed.put(run, now);
        weights += now.weights.size() - (before == null ? 0 : before.weights.size());
        Iterator<Map.Entry<String, Followed>> eldest = followed.entrySet().iterator();
        while (weights > MOST_WEIGHTS && followed.size() > 1) {
            Map.Entry<String, Followed> forgotten = eldest.next();
            LOG.warn("the plan of run '{}' is forgotten: too many groups", forgotten.getKey());
            weights -= forgotten.getValue().weights.size();
            eldest.remove();
        }
    }

    private static Map<String, Double> weights(List<GroupWeight> list) {
        Map<String, Double> weights = new HashMap<>();
        for (GroupWeight weight : list) {
            weights.put(weight.getGroup(), weight.getWeight());
        }
        return weights;
    }

    /**
     * The largest share of a group among the runs that draw; empty when no plan draws it, as one
     * that is yet to come into a mixture, or waits there for its first documents.
     */
    OptionalDouble share(String catalog, String group) {
        return runs.getOrDefault(catalog, Set.of()).stream()
                .map(run -> followed.getOrDefault(run, Followed.NOTHING).weights.get(group))
                .filter(weight -> weight != null && weight > 0 && weight <= 1)
                .mapToDouble(Double::doubleValue)
                .max();
    }
}
