package io.sluice.ops.bench.quality;

import io.sluice.bridge.Observation;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import io.sluice.core.sketch.BFloat16;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The sums of a round under way, by subject and half, and the signals they make: with sketches in
 * the precision that they would have on the wire.
 */
final class RoundSums {

    private static final byte[] NO_SKETCH = {};

    private final RunSpec spec;
    private final Attempt attempt;
    private final TreeMap<Subject, Halves> sums = new TreeMap<>();

    RoundSums(RunSpec spec, Attempt attempt) {
        this.spec = spec;
        this.attempt = attempt;
    }

    /**
     * Adds an observation; those of a subject go to A, B, A, B, ... anew in each round, those with
     * a sketch and those without each in their own turn.
     *
     * @param version the plan of the step under way
     */
    void add(Observation observation, long version) {
        sums.computeIfAbsent(observation.subject(), subject -> new Halves())
                .add(observation, version);
    }

    /** The signals of a round, one per subject and half that was measured; the next one begins. */
    List<Signal> end(long round) {
        List<Signal> signals = new ArrayList<>();
        sums.forEach(
                (subject, halves) -> {
                    for (int part = 0; part < Signal.PARTS; part++) {
                        if (halves.parts[part].losses().tokens > 0) {
                            signals.add(signal(round, subject, part, halves.parts[part]));
                        }
                    }
                });
        sums.clear();
        return signals;
    }

    private Signal signal(long round, Subject subject, int part, Half half) {
        return new Signal(
                spec.runId(),
                spec.digest(),
                attempt.number(),
                round,
                subject,
                InProcessLoop.REPORTER,
                part,
                spec.rounds().firstStep(round),
                spec.rounds().lastStep(round),
                subject.isGroup() ? half.plans() : List.of(),
                half.losses().tokens,
                half.losses().sequences,
                half.losses().lossSum,
                half.losses().lossSquareSum,
                half.sketch.length == 0 ? NO_SKETCH : BFloat16.encode(half.scaledSketch()));
    }

    private static final class Halves {

        private final Half[] parts = {new Half(), new Half()};
        private int sketched;
        private int plain;

        void add(Observation observation, long version) {
            int turn = observation.sketch().length > 0 ? sketched++ : plain++;
            parts[turn % Signal.PARTS].add(observation, version);
        }
    }

    private static final class Half {

        private final Losses drawn = new Losses();
        private final Losses probed = new Losses();
        private long sketchedTokens;
        private float[] sketch = {};

        void add(Observation observation, long version) {
            float[] more = observation.sketch();
            if (more.length > 0) {
                addSketch(more);
                sketchedTokens += observation.tokens();
            }
            (observation.probe() ? probed : drawn).add(observation, version);
        }

        private void addSketch(float[] more) {
            if (sketch.length == 0) {
                sketch = more.clone();
                return;
            }
            for (int b = 0; b < sketch.length; b++) {
                sketch[b] += more[b];
            }
        }

        /** Of what was trained on; of the probes, where that is nothing. */
        Losses losses() {
            return drawn.tokens > 0 ? drawn : probed;
        }

        /** The sketch of what was sketched, scaled to all tokens. */
        float[] scaledSketch() {
            double factor = (double) losses().tokens / sketchedTokens;
            float[] scaled = new float[sketch.length];
            for (int b = 0; b < scaled.length; b++) {
                scaled[b] = (float) (sketch[b] * factor);
            }
            return scaled;
        }

        List<PlanTokens> plans() {
            return losses().tokensByVersion.entrySet().stream()
                    .map(entry -> new PlanTokens(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    private static final class Losses {

        private final TreeMap<Long, Long> tokensByVersion = new TreeMap<>();
        private long tokens;
        private long sequences;
        private double lossSum;
        private double lossSquareSum;

        void add(Observation observation, long version) {
            tokensByVersion.merge(version, observation.tokens(), Long::sum);
            tokens += observation.tokens();
            sequences += observation.sequences();
            lossSum += observation.lossSum();
            lossSquareSum += observation.lossSquareSum();
        }
    }
}
