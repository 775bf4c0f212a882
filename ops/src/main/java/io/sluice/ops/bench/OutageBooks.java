package io.sluice.ops.bench;

import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts again, from the log, what trainer, bridge and job say that they counted.
 *
 * @param signals the signals that the log has
 * @param closed what the bridge told of rounds that ended
 * @param rejects records that the job turned away
 */
record OutageBooks(
        List<TopicContent.Entry<GroupSignal>> signals,
        List<RoundClosed> closed,
        List<Rejected> rejects) {

    /**
     * How rounds ended.
     *
     * @param acknowledged told, with all their signals in the log
     * @param dropped told, with signals that were lost
     * @param neverTold measured, and not told
     */
    record Rounds(long acknowledged, long dropped, long neverTold) {}

    private record Name(
            long attempt, long round, Object kind, String subject, String reporter, int part) {}

    /**
     * @param measured rounds that the trainer measured
     */
    Rounds rounds(long measured) {
        Set<Long> told = new HashSet<>();
        Set<Long> lossy = new HashSet<>();
        for (RoundClosed round : closed) {
            told.add(round.getRound());
            if (count(round, SignalOutcome.DROPPED) > 0) {
                lossy.add(round.getRound());
            }
        }
        return new Rounds(told.size() - lossy.size(), lossy.size(), measured - told.size());
    }

    /** Signals that the bridge told as acknowledged. */
    long toldAcknowledged() {
        return closed.stream().mapToLong(round -> count(round, SignalOutcome.ACKNOWLEDGED)).sum();
    }

    /** Signals in the log, each once. */
    long distinctSignals() {
        return signals.stream().map(entry -> name(entry.value())).distinct().count();
    }

    /** Signals that a decision should have counted: each once, but for those turned away. */
    long recount(Decision decision) {
        Set<Long> rejected =
                rejects.stream()
                        .filter(
                                reject ->
                                        reject.getTopic()
                                                .equals(Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX)))
                        .map(Rejected::getOffset)
                        .collect(Collectors.toSet());
        return signals.stream()
                .filter(entry -> !rejected.contains(entry.offset()))
                .map(entry -> name(entry.value()))
                .filter(
                        name ->
                                name.attempt() == decision.getAttempt()
                                        && name.round() <= decision.getRound())
                .distinct()
                .count();
    }

    private static long count(RoundClosed round, SignalOutcome outcome) {
        return round.getOutcomes().stream().filter(o -> o.getOutcome() == outcome).count();
    }

    private static Name name(GroupSignal signal) {
        return new Name(
                signal.getAttempt(),
                signal.getRound(),
                signal.getKind(),
                signal.getSubject(),
                signal.getReporter(),
                signal.getPart());
    }
}
