package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.admission.Need;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs draw from which catalog, by what mixtures, and what they have drawn.
 *
 * <p>Of a run's plans the newest counts that its bridge accepts, or may: one of an older attempt,
 * of a controller with a lower epoch or of no higher version changes nothing, and an answer to the
 * newest says which mixture is in force. What a run has drawn stands in its decisions, of which the
 * last one counts: after a rewind it is less.
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
     * @param specDigest digest of the declaration that it was made under
     * @param weights the mixture to follow, by group in their order
     * @param drawn what the run has drawn
     */
    private record Followed(
            long epoch,
            long attempt,
            long version,
            String specDigest,
            SortedMap<String, Double> weights,
            Drawn drawn) {

        static final Followed NOTHING =
                new Followed(
                        Long.MIN_VALUE,
                        Long.MIN_VALUE,
                        Long.MIN_VALUE,
                        "",
                        new TreeMap<>(),
                        Drawn.NOTHING);

        Followed with(Drawn newer) {
            return new Followed(epoch, attempt, version, specDigest, weights, newer);
        }

        Optional<Need> need(String group) {
            double share = weights.getOrDefault(group, 0.0);
            return share > 0 && share <= 1
                    ? Optional.of(
                            new Need(share, drawn.tokens.getOrDefault(group, 0L), drawn.inAll))
                    : Optional.empty();
        }
    }

    /**
     * What a run has drawn of a catalog.
     *
     * @param epoch the epoch of the decision that says so
     * @param attempt its attempt
     * @param tokens by group
     * @param inAll their sum
     */
    private record Drawn(long epoch, long attempt, Map<String, Long> tokens, long inAll) {

        static final Drawn NOTHING = new Drawn(Long.MIN_VALUE, Long.MIN_VALUE, Map.of(), 0);

        static Drawn of(Decision decision, String[] groups) {
            Map<String, Long> tokens = new HashMap<>();
            long inAll = 0;
            for (GroupNews news : decision.getNews()) {
                int index = news.getIndex();
                if (index >= 0 && index < groups.length && news.getDrawnTokens() > 0) {
                    tokens.put(groups[index], news.getDrawnTokens());
                    inAll += news.getDrawnTokens();
                }
            }
            return new Drawn(
                    decision.getEpoch(), decision.getAttempt(), tokens, Math.max(0, inAll));
        }
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
                                    plan.getSpecDigest(),
                                    weights(plan.getWeights()),
                                    drawn(before, plan.getSpecDigest())));
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
                                    ack.getInForce().getSpecDigest(),
                                    weights(ack.getInForce().getWeights()),
                                    drawn(before, ack.getInForce().getSpecDigest())));
                }
            }
        } catch (CandidateException e) {
            // Not an answer.
        }
    }

    /**
     * Takes in a record of the decisions topic. It names groups by their index, so it counts only
     * beside a mixture of the same declaration, which names them all in that order.
     */
    void applyDecision(RawRecord raw) {
        if (runs.values().stream().noneMatch(drawing -> drawing.contains(raw.key()))) {
            return;
        }
        try {
            if (CatalogRecords.decode(raw, contract) instanceof Decision decision
                    && !decision.getNews().isEmpty()) {
                Followed before = followed.getOrDefault(decision.getRunId(), Followed.NOTHING);
                boolean sameGroups =
                        decision.getSpecDigest().equals(before.specDigest)
                                && decision.getGroups().size() == before.weights.size();
                boolean later =
                        decision.getEpoch() >= before.drawn.epoch
                                && decision.getAttempt() >= before.drawn.attempt;
                if (sameGroups && later) {
                    String[] groups = before.weights.keySet().toArray(String[]::new);
                    follow(decision.getRunId(), before.with(Drawn.of(decision, groups)));
                }
            }
        } catch (CandidateException e) {
            // Not a decision.
        }
    }

    /** Under another declaration, what was drawn is known from its next decision on. */
    private static Drawn drawn(Followed before, String specDigest) {
        return before.specDigest.equals(specDigest) ? before.drawn : Drawn.NOTHING;
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

    private static SortedMap<String, Double> weights(List<GroupWeight> list) {
        SortedMap<String, Double> weights = new TreeMap<>();
        for (GroupWeight weight : list) {
            weights.put(weight.getGroup(), weight.getWeight());
        }
        return weights;
    }

    /**
     * What the runs that draw need of a group; none when no mixture draws it, as one that is yet to
     * come into a mixture, or waits there for its first documents.
     */
    List<Need> needs(String catalog, String group) {
        return runs.getOrDefault(catalog, Set.of()).stream()
                .flatMap(run -> followed.getOrDefault(run, Followed.NOTHING).need(group).stream())
                .toList();
    }
}
