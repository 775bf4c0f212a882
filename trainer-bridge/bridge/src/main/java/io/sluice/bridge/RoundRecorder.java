package io.sluice.bridge;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Sums up a round's observations by subject and half. For the trainer's thread. */
final class RoundRecorder {

    private final RunSpec spec;
    private final SketchPool pool;
    private final LongSupplier nanoTime;
    private final Map<Subject, Sums> sums = new HashMap<>();
    private final List<Sums> inOrder;

    private final TreeMap<Integer, Evaluation> evaluations = new TreeMap<>();
    private long startNanos;

    /**
     * @param nanoTime a monotonic clock, in nanoseconds
     */
    RoundRecorder(RunSpec spec, SketchPool pool, LongSupplier nanoTime) {
        this.spec = spec;
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        for (int j = 0; j < spec.groups().size(); j++) {
            put(Subject.of(spec.groups().get(j).id()), j);
        }
        for (int i = 0; i < spec.targets().size(); i++) {
            put(Subject.of(spec.targets().get(i).id()), i);
        }
        this.inOrder =
                sums.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList();
    }

    private void put(Subject subject, int index) {
        sums.put(subject, new Sums(subject, index, pool));
    }

    /**
     * Adds an observation.
     *
     * @param version the plan of the step under way
     * @throws IllegalArgumentException when the run has no such subject, or the observation has a
     *     sketch of another dimension or no tokens
     */
    void add(Observation observation, long version) {
        Sums sum = sums.get(observation.subject());
        if (sum == null) {
            throw new IllegalArgumentException(
                    "run "
                            + spec.runId()
                            + " declares no "
                            + observation.subject().kind()
                            + " "
                            + observation.subject().id());
        }
        if (observation.tokens() < 1 || observation.sequences() < 1) {
            throw new IllegalArgumentException(
                    "an observation has at least 1 token and 1 sequence, not "
                            + observation.tokens()
                            + " and "
                            + observation.sequences());
        }
        int dimension = observation.sketch().length;
        if (dimension != 0 && dimension != pool.dimension()) {
            throw new IllegalArgumentException(
                    "the run's sketches have "
                            + pool.dimension()
                            + " buckets, this one has "
                            + dimension);
        }
        sum.observed.add(observation, version);
    }

    /**
     * Takes the loss of a target; a later one in the same round replaces it.
     *
     * @throws IllegalArgumentException when the run has no such target, or no token was evaluated
     */
    void evaluation(TargetId target, double meanLoss, long tokens) {
        int index = spec.targetIndex(target);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "run " + spec.runId() + " declares no target " + target);
        }
        if (tokens < 1) {
            throw new IllegalArgumentException("an evaluation has at least 1 token, not " + tokens);
        }
        evaluations.put(index, new Evaluation(index, meanLoss, tokens));
    }

    /**
     * Ends a round and begins the next.
     *
     * @param fromStep first step of the round that this attempt took
     */
    RecordedRound end(long round, long fromStep, double learningRate) {
        List<Half> halves = new ArrayList<>(Signal.PARTS * inOrder.size());
        inOrder.forEach(sum -> sum.moveTo(halves, pool));
        long now = nanoTime.getAsLong();
        RecordedRound recorded =
                new RecordedRound(
                        round,
                        fromStep,
                        spec.rounds().lastStep(round),
                        halves,
                        List.of(),
                        learningRate,
                        List.copyOf(evaluations.values()),
                        now - startNanos,
                        false);
        evaluations.clear();
        startNanos = now;
        return recorded;
    }

    /** One subject of the run. */
    private static final class Sums {

        private final Subject subject;
        private final int index;
        private final SubjectSums observed;

        Sums(Subject subject, int index, SketchPool pool) {
            this.subject = subject;
            this.index = index;
            this.observed = new SubjectSums(pool::lend);
        }

        /** Adds what was measured to a list, and begins anew. */
        void moveTo(List<Half> halves, SketchPool pool) {
            for (SubjectSums.Part part : observed.end()) {
                halves.add(
                        new Half(
                                subject,
                                index,
                                part.part(),
                                part.plans(),
                                part.tokens(),
                                part.sequences(),
                                part.lossSum(),
                                part.lossSquareSum(),
                                part.sketch()
                                        .<CarriedSketch>map(
                                                sum -> new CarriedSketch.Sums(sum, pool))
                                        .orElse(CarriedSketch.NONE)));
            }
        }
    }
}
