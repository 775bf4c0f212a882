package io.sluice.bridge.daemon;

import io.sluice.bridge.BridgeMetrics;
import io.sluice.bridge.RelayException;
import io.sluice.bridge.RelaySession;
import io.sluice.bridge.RoundReport;
import io.sluice.bridge.RoundReport.Half;
import io.sluice.bridge.RoundReport.HalfId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The signals of a session's round under way, within a limit of memory that they share with the
 * rounds that are not sent yet. What does not fit is dropped, and told as dropped when the round
 * ends. Signals of a later round displace those of an earlier one that was never ended.
 * Thread-safe.
 */
final class OpenRound {

    private static final Comparator<HalfId> ORDER =
            Comparator.comparing(HalfId::subject).thenComparingInt(HalfId::part);

    private final RelaySession relay;
    private final long mostBytes;
    private final BridgeMetrics.Daemon metrics;
    private final TreeMap<HalfId, Half> halves = new TreeMap<>(ORDER);
    private final TreeSet<HalfId> dropped = new TreeSet<>(ORDER);
    private long round = -1;
    private long bytes;

    /**
     * @param mostBytes memory for these signals and those not sent yet
     */
    OpenRound(RelaySession relay, long mostBytes, BridgeMetrics.Daemon metrics) {
        this.relay = relay;
        this.mostBytes = mostBytes;
        this.metrics = metrics;
    }

    /**
     * Takes signals, all or, when one of them is refused, none.
     *
     * @return how many had no room and were dropped
     * @throws Refusal when the round has ended, or one of them was told before
     */
    synchronized int add(long ofRound, List<Half> signals) {
        requireUnderWay(ofRound);
        requireNew(ofRound, signals);
        begin(ofRound);
        int lost = 0;
        for (Half half : signals) {
            if (bytes + relay.unsentBytes() + half.bytes() > mostBytes) {
                dropped.add(half.id());
                lost++;
            } else {
                halves.put(half.id(), half);
                bytes += half.bytes();
            }
        }
        metrics.dropped(lost);
        return lost;
    }

    /**
     * Ends a round, with the signals that were told before.
     *
     * @param told the round as the client tells it: signals that come only now, and signals that it
     *     lost; of those, what has arrived here counts as arrived
     * @return whether its signals wait to be sent
     * @throws Refusal when a signal was told before
     */
    synchronized boolean end(RoundReport told) {
        requireNew(told.round(), told.halves());
        boolean open = told.round() == round;
        TreeMap<HalfId, Half> all = new TreeMap<>(ORDER);
        TreeSet<HalfId> lost = new TreeSet<>(ORDER);
        if (open) {
            all.putAll(halves);
            lost.addAll(dropped);
        }
        told.halves().forEach(half -> all.put(half.id(), half));
        lost.addAll(told.dropped());
        lost.removeAll(all.keySet());
        boolean queued =
                relay.report(
                        new RoundReport(
                                told.round(),
                                told.fromStep(),
                                told.throughStep(),
                                new ArrayList<>(all.values()),
                                new ArrayList<>(lost),
                                told.learningRate(),
                                told.evaluations(),
                                told.nanos()));
        if (open) {
            clear();
        }
        begin(told.round() + 1);
        return queued;
    }

    private void requireUnderWay(long ofRound) {
        try {
            relay.requireToCome(ofRound);
        } catch (RelayException e) {
            throw new Refusal(Refusal.Code.ROUND_PASSED, e.getMessage());
        }
        if (ofRound < round) {
            throw new Refusal(
                    Refusal.Code.ROUND_PASSED,
                    "round " + ofRound + " has passed: signals of round " + round + " have come");
        }
    }

    private void requireNew(long ofRound, List<Half> signals) {
        Set<HalfId> told = new HashSet<>();
        for (Half half : signals) {
            boolean before =
                    ofRound == round
                            && (halves.containsKey(half.id()) || dropped.contains(half.id()));
            if (before || !told.add(half.id())) {
                throw new Refusal(
                        Refusal.Code.ROUND_PASSED,
                        half.id().subject().id()
                                + ", part "
                                + half.id().part()
                                + ", of round "
                                + ofRound
                                + " was sent twice");
            }
        }
    }

    /** Makes a later round the one under way; signals of one that was never ended are lost. */
    private void begin(long next) {
        if (next > round) {
            metrics.dropped(halves.size());
            clear();
            round = next;
        }
    }

    private void clear() {
        halves.clear();
        dropped.clear();
        bytes = 0;
    }
}
