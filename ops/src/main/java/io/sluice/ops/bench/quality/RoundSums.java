package io.sluice.ops.bench.quality;

import io.sluice.bridge.Observation;
import io.sluice.bridge.SubjectSums;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;
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
    private final TreeMap<Subject, SubjectSums> sums = new TreeMap<>();

    RoundSums(RunSpec spec, Attempt attempt) {
        this.spec = spec;
        this.attempt = attempt;
    }

    /**
     * Adds an observation.
     *
     * @param version the plan of the step under way
     */
    void add(Observation observation, long version) {
        sums.computeIfAbsent(observation.subject(), subject -> new SubjectSums(this::zeros))
                .add(observation, version);
    }

    /** The signals of a round, one per subject and half that was measured; the next one begins. */
    List<Signal> end(long round) {
        List<Signal> signals = new ArrayList<>();
        sums.forEach(
                (subject, observed) ->
                        observed.end().forEach(part -> signals.add(signal(round, subject, part))));
        return signals;
    }

    private float[] zeros() {
        return new float[spec.sketch().dimension()];
    }

    private Signal signal(long round, Subject subject, SubjectSums.Part part) {
        return new Signal(
                spec.runId(),
                spec.digest(),
                attempt.number(),
                round,
                subject,
                InProcessLoop.REPORTER,
                part.part(),
                spec.rounds().firstStep(round),
                spec.rounds().lastStep(round),
                part.plans(),
                part.tokens(),
                part.sequences(),
                part.lossSum(),
                part.lossSquareSum(),
                part.sketch().map(BFloat16::encode).orElse(NO_SKETCH));
    }
}
