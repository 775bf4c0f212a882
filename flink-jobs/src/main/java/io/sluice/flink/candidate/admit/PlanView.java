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
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which runs draw from which catalog, and by what mixtures.
 *
 * <p>Of a run's plans the newest counts that its bridge accepts, or may: one of an older attempt,
 * of a controller with a lower epoch or of no higher version changes nothing, and an answer to the
 * newest says which mixture is in force.
 */
final class PlanView {

    private final Contract contract;
    private final Map<String, Set<String>> runs = new HashMap<>();
    private final Map<String, Followed> followed = new HashMap<>();

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
                    followed.put(
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
                    followed.put(
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

    private static Map<String, Double> weights(List<GroupWeight> list) {
        Map<String, Double> weights = new HashMap<>();
        for (GroupWeight weight : list) {
            weights.put(weight.getGroup(), weight.getWeight());
        }
        return weights;
    }

    /** The largest share of a group among the runs that draw; empty when no plan names it. */
    OptionalDouble share(String catalog, String group) {
        return runs.getOrDefault(catalog, Set.of()).stream()
                .map(run -> followed.getOrDefault(run, Followed.NOTHING).weights.get(group))
                .filter(weight -> weight != null && weight >= 0 && weight <= 1)
                .mapToDouble(Double::doubleValue)
                .max();
    }
}
