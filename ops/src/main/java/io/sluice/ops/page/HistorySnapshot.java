package io.sluice.ops.page;

import io.sluice.ops.page.Series.Point;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A {@link RunHistory} at one moment; shares nothing that changes. */
record HistorySnapshot(
        RunFacts facts,
        long revision,
        RunStatus status,
        String message,
        Instant startedAt,
        Instant asOf,
        Progress progress,
        List<Point<Double>> trainingLoss,
        List<Point<Mixture>> mixtures,
        List<Point<double[]>> groupLosses,
        List<List<Point<Double>>> targetLosses,
        List<Point<Alignment>> alignments,
        List<RoundDecision> recentDecisions,
        long roundsChanged,
        long roundsHeld,
        Plans plans,
        Signals signals,
        Optional<Latency> latency,
        Optional<StreamFigures> stream) {

    record Progress(long step, long tokens, double tokensPerSecond, double trainingLoss) {}

    record Mixture(long version, double[] weights) {}

    /** Scores by group; cosines and their standard errors by group, then target. */
    record Alignment(double[] scores, double[][] cosines, double[][] errors) {}

    record Plans(long published, long applied, long refused) {}

    record Signals(long accepted, long duplicates, long late, long rejected, long dropped) {}

    record Latency(double p50Seconds, double p99Seconds) {}
}
