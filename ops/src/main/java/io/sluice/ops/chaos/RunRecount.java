package io.sluice.ops.chaos;

import io.sluice.ops.chaos.ChaosResult.Range;
import io.sluice.schemas.BasisKind;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RejectReason;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A run's signals over all its attempts, counted again from the topics while nothing is under way.
 *
 * <p>Where one attempt follows another, it depends on which topic the job read first whether the
 * last signals of the older one count or are fenced. A job that is restored may read them in the
 * other order, so what is listed as fenced may have counted all the same. Each count is therefore
 * told with a range: at least the signals in the topic, each once, without those that are listed as
 * turned away; at most the same with those that are listed as fenced.
 *
 * @param total what was accepted in all attempts
 * @param lineage what was accepted in the decided rounds that survive
 */
record RunRecount(Range total, Range lineage) {

    /** Counts; empty while the job has told no totals in the attempt. */
    static Optional<RunRecount> of(History history, long attempt) {
        Optional<Decision> newest =
                Recount.newest(history, attempt).filter(made -> made.getTotalAccepted() >= 0);
        return newest.map(made -> count(history, made));
    }

    private static RunRecount count(History history, Decision newest) {
        Map<Recount.Place, RejectReason> rejected = Recount.rejected(history);
        TreeMap<Long, Long> surviving = surviving(history, newest);
        Set<SignalName> counted = new HashSet<>();
        Set<SignalName> fenced = new HashSet<>();
        for (Entry<GroupSignal> entry : history.signals()) {
            RejectReason reason =
                    rejected.get(new Recount.Place(entry.partition(), entry.offset()));
            if (reason == null) {
                counted.add(SignalName.of(entry.value()));
            } else if (reason == RejectReason.FENCED) {
                fenced.add(SignalName.of(entry.value()));
            }
        }
        fenced.removeAll(counted);
        long kept = inRounds(counted, surviving);
        return new RunRecount(
                new Range(
                        newest.getTotalAccepted(), counted.size(), counted.size() + fenced.size()),
                new Range(newest.getLineage(), kept, kept + inRounds(fenced, surviving)));
    }

    private static long inRounds(Set<SignalName> signals, Map<Long, Long> surviving) {
        return signals.stream()
                .filter(signal -> surviving.getOrDefault(signal.round(), -1L) == signal.attempt())
                .count();
    }

    /** The attempt in which each round was decided that is in the newest decision's statistics. */
    private static TreeMap<Long, Long> surviving(History history, Decision newest) {
        TreeMap<Long, Decision> last = new TreeMap<>();
        for (Entry<Decision> entry : history.decisions()) {
            last.put(entry.value().getAttempt(), entry.value());
        }
        TreeMap<Long, Long> surviving = new TreeMap<>();
        for (Decision made : last.headMap(newest.getAttempt(), true).values()) {
            boolean anew = made.getBasis() == BasisKind.NEW || made.getBasis() == BasisKind.RESET;
            surviving.tailMap(anew ? Long.MIN_VALUE : made.getBasisRound()).clear();
            for (Entry<Decision> entry : history.decisions()) {
                Decision decision = entry.value();
                if (decision.getAttempt() == made.getAttempt()) {
                    for (long round = decision.getFirstRound();
                            round <= decision.getRound();
                            round++) {
                        surviving.put(round, made.getAttempt());
                    }
                }
            }
        }
        return surviving;
    }
}
