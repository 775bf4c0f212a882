package io.sluice.ops.page;

import io.sluice.ops.page.HistorySnapshot.Alignment;
import io.sluice.ops.page.HistorySnapshot.Latency;
import io.sluice.ops.page.HistorySnapshot.Mixture;
import io.sluice.ops.page.HistorySnapshot.Plans;
import io.sluice.ops.page.HistorySnapshot.Progress;
import io.sluice.ops.page.HistorySnapshot.Signals;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened in a run, in bounded memory. The threads of a run write it, the page and the report
 * read it. Writers never wait for rendering: readers copy references under the lock and render
 * outside.
 *
 * <p>Arrays run over the groups in the order of {@link RunFacts}. A number that is not known is NaN
 * and becomes {@code null} in JSON.
 */
public final class RunHistory {

    /** Most points per series: more than a wide screen has pixels. */
    static final int MAX_POINTS = 2_000;

    /** Fewest points per series, however many groups there are. */
    static final int MIN_POINTS = 32;

    /** Numbers a series may hold, so that the page of a run with 10,000 groups stays loadable. */
    private static final int MAX_NUMBERS = 200_000;

    private static final int RECENT_DECISIONS = 20;

    private final RunFacts facts;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Series<Double> trainingLoss = new Series<>(MAX_POINTS);
    private final Series<Mixture> mixtures;
    private final Series<double[]> groupLosses;
    private final List<Series<Double>> targetLosses = new ArrayList<>();
    private final Series<Alignment> alignments;
    private final Deque<RoundDecision> recentDecisions = new ArrayDeque<>();

    private long revision;
    private RunStatus status = RunStatus.STARTING;
    private String message = "";
    private Optional<Instant> endedAt = Optional.empty();
    private Progress progress = new Progress(0, 0, Double.NaN, Double.NaN);
    private long roundsChanged;
    private long roundsHeld;
    private Plans plans = new Plans(0, 0, 0);
    private Signals signals = new Signals(0, 0, 0, 0, 0);
    private Optional<Latency> latency = Optional.empty();
    private Optional<StreamFigures> stream = Optional.empty();

    public RunHistory(RunFacts facts, InstantSource clock) {
        this.facts = facts;
        this.clock = clock;
        this.startedAt = clock.instant();
        int groups = facts.groups().size();
        int targets = facts.targets().size();
        mixtures = new Series<>(capacity(groups));
        groupLosses = new Series<>(capacity(groups));
        alignments = new Series<>(capacity(groups * (1 + 2 * targets)));
        for (int i = 0; i < targets; i++) {
            targetLosses.add(new Series<>(MAX_POINTS));
        }
    }

    private static int capacity(int numbersPerPoint) {
        return Math.max(MIN_POINTS, Math.min(MAX_POINTS, MAX_NUMBERS / numbersPerPoint));
    }

    public RunFacts facts() {
        return facts;
    }

    /** Plan {@code version} holds from {@code step}; the prior is version 0 at step 0. */
    public void mixture(long step, long version, double[] weights) {
        Mixture mixture = new Mixture(version, perGroup(weights, "weights"));
        synchronized (this) {
            mixtures.add(step, mixture);
            revision++;
        }
    }

    /** Mean training loss per token of each group over the round that ended with {@code step}. */
    public void groupLosses(long step, double[] losses) {
        double[] copy = perGroup(losses, "losses");
        synchronized (this) {
            groupLosses.add(step, copy);
            revision++;
        }
    }

    /** Held-out loss per token of one target, by its index in the facts. */
    public synchronized void targetLoss(long step, int target, double loss) {
        targetLosses.get(target).add(step, loss);
        revision++;
    }

    /**
     * How well the groups' gradients agree with the targets'.
     *
     * @param step last step of the round
     * @param scores the policy's score of each group
     * @param cosines cosine by group, then target
     * @param errors one standard error of each cosine
     */
    public void alignment(long step, double[] scores, double[][] cosines, double[][] errors) {
        Alignment alignment =
                new Alignment(
                        perGroup(scores, "scores"),
                        perGroupAndTarget(cosines, "cosines"),
                        perGroupAndTarget(errors, "errors"));
        synchronized (this) {
            alignments.add(step, alignment);
            revision++;
        }
    }

    public synchronized void decision(RoundDecision decision) {
        if (recentDecisions.size() == RECENT_DECISIONS) {
            recentDecisions.removeFirst();
        }
        recentDecisions.addLast(decision);
        switch (decision.outcome()) {
            case CHANGED -> roundsChanged++;
            case HELD -> roundsHeld++;
        }
        revision++;
    }

    /** Steps and tokens trained so far, speed, and the training loss of the step. */
    public synchronized void progress(
            long step, long tokens, double tokensPerSecond, double trainingLossPerToken) {
        progress = new Progress(step, tokens, tokensPerSecond, trainingLossPerToken);
        trainingLoss.add(step, trainingLossPerToken);
        revision++;
    }

    /** Running totals of plans. */
    public synchronized void plans(long published, long applied, long refused) {
        plans = new Plans(published, applied, refused);
        revision++;
    }

    /** Running totals of signals. */
    public synchronized void signals(
            long accepted, long duplicates, long late, long rejected, long dropped) {
        signals = new Signals(accepted, duplicates, late, rejected, dropped);
        revision++;
    }

    /** Time from the end of a round to the arrival of its plan at the trainer. */
    public synchronized void latency(double p50Seconds, double p99Seconds) {
        latency = Optional.of(new Latency(p50Seconds, p99Seconds));
        revision++;
    }

    /** What has arrived so far, in a run whose documents arrive while it trains. */
    public synchronized void stream(StreamFigures figures) {
        stream = Optional.of(figures);
        revision++;
    }

    public synchronized void status(RunStatus newStatus, String newMessage) {
        status = Objects.requireNonNull(newStatus, "status");
        message = Objects.requireNonNull(newMessage, "message");
        endedAt = newStatus.ended() ? Optional.of(clock.instant()) : Optional.empty();
        revision++;
    }

    /** Everything as one JSON document. */
    public String toJson() {
        return HistoryJson.render(snapshot());
    }

    synchronized HistorySnapshot snapshot() {
        return new HistorySnapshot(
                facts,
                revision,
                status,
                message,
                startedAt,
                endedAt.orElseGet(clock::instant),
                progress,
                trainingLoss.points(),
                mixtures.points(),
                groupLosses.points(),
                targetLosses.stream().map(Series::points).toList(),
                alignments.points(),
                List.copyOf(recentDecisions),
                roundsChanged,
                roundsHeld,
                plans,
                signals,
                latency,
                stream);
    }

    private double[] perGroup(double[] values, String what) {
        if (values.length != facts.groups().size()) {
            throw new IllegalArgumentException(
                    what
                            + " has "
                            + values.length
                            + " entries, the run has "
                            + facts.groups().size()
                            + " groups");
        }
        return values.clone();
    }

    private double[][] perGroupAndTarget(double[][] values, String what) {
        if (values.length != facts.groups().size()) {
            throw new IllegalArgumentException(
                    what
                            + " has "
                            + values.length
                            + " rows, the run has "
                            + facts.groups().size()
                            + " groups");
        }
        double[][] copy = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != facts.targets().size()) {
                throw new IllegalArgumentException(
                        what
                                + " has "
                                + values[i].length
                                + " entries for group "
                                + facts.groups().get(i).id()
                                + ", the run has "
                                + facts.targets().size()
                                + " targets");
            }
            copy[i] = values[i].clone();
        }
        return copy;
    }
}
