package io.sluice.ops.page;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Runs to look at. */
final class TestingRuns {

    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2024-05-01T10:00:00Z"));

    private TestingRuns() {}

    static RunFacts facts() {
        return new RunFacts(
                "demo",
                "dga",
                Long.MAX_VALUE,
                1_800,
                List.of(
                        new RunFacts.Group("es", false, 0.5),
                        new RunFacts.Group("noise_words", true, 0.5)),
                List.of(new RunFacts.Target("pt", 1, "a language that no group holds")));
    }

    /** A run with something in every place. */
    static RunHistory history() {
        RunHistory history = new RunHistory(facts(), CLOCK);
        history.mixture(0, 0, new double[] {0.5, 0.5});
        history.mixture(35, 1, new double[] {0.6, 0.4});
        history.groupLosses(25, new double[] {4.5, Double.NaN});
        history.targetLoss(25, 0, 5.25);
        history.alignment(
                25,
                new double[] {1, -1},
                new double[][] {{0.25}, {-0.5}},
                new double[][] {{0.125}, {Double.POSITIVE_INFINITY}});
        history.decision(RoundDecision.held(0, 25, "dga", "WARM_UP", "one more round", 0));
        history.decision(
                new RoundDecision(
                        1,
                        25,
                        "dga",
                        RoundDecision.Outcome.CHANGED,
                        "POLICY",
                        "",
                        1,
                        35,
                        0.02,
                        1,
                        0,
                        0.5,
                        0.25,
                        new double[] {0.5, 0.5},
                        new double[] {0.6, 0.4},
                        new double[] {0.6, 0.4},
                        new double[] {1, -1}));
        history.progress(25, 204_800, 20_000, 4.75);
        history.plans(1, 1, 0);
        history.signals(3, 2, 1, 0, 4);
        history.latency(0.25, 0.5);
        history.status(RunStatus.TRAINING, "");
        return history;
    }
}
