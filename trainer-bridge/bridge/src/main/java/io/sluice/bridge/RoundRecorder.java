package io.sluice.bridge;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Sums up a round's observations by subject and half. The observations of a subject go to A, B, A,
 * B, ... anew in each round, those with a sketch and those without each in their own turn, so that
 * the two halves are independent measurements of one gradient. A half's sketch stands for all its
 * tokens: the sum of what was sketched, scaled from the sketched tokens to all. For the trainer's
 * thread.
 */
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
        sums.put(subject, new Sums(subject, index));
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
        sum.add(observation, version, pool);
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

    /** Both halves of one subject, over the round under way. */
    private static final class Sums {

        private final Subject subject;
        private final int index;
        private final HalfSums[] parts = {new HalfSums(), new HalfSums()};
        private int sketched;
        private int plain;

        Sums(Subject subject, int index) {
            this.subject = subject;
            this.index = index;
        }

        void add(Observation observation, long version, SketchPool pool) {
            int turn = observation.sketch().length > 0 ? sketched++ : plain++;
            parts[turn % Signal.PARTS].add(observation, version, pool);
        }

        /** Adds what was measured to a list, and begins anew. */
        void moveTo(List<Half> halves, SketchPool pool) {
            for (int part = 0; part < Signal.PARTS; part++) {
                if (parts[part].isMeasured()) {
                    halves.add(parts[part].half(subject, index, part, pool));
                    parts[part] = new HalfSums();
                }
            }
            sketched = 0;
            plain = 0;
        }
    }

    /** One half of one subject. */
    private static final class HalfSums {

        private final List<PlanTokens> plans = new ArrayList<>(1);
        private final LossSums drawn = new LossSums();
        private final LossSums probed = new LossSums();
        private long sketchedTokens;
        private Optional<float[]> sketch = Optional.empty();

        void add(Observation observation, long version, SketchPool pool) {
            addSketch(observation, pool);
            if (observation.probe()) {
                probed.add(observation, version);
                return;
            }
            drawn.add(observation, version);
            if (observation.subject().isGroup()) {
                addTokens(version, observation.tokens());
            }
        }

        boolean isMeasured() {
            return drawn.tokens > 0 || probed.tokens > 0;
        }

        private void addSketch(Observation observation, SketchPool pool) {
            float[] observed = observation.sketch();
            if (observed.length == 0) {
                return;
            }
            if (sketch.isEmpty()) {
                sketch = Optional.of(pool.lend());
            }
            float[] sum = sketch.get();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += observed[i];
            }
            sketchedTokens += observation.tokens();
        }

        /** Versions never fall within an attempt. */
        private void addTokens(long version, long more) {
            int last = plans.size() - 1;
            if (last >= 0 && plans.get(last).version() == version) {
                plans.set(last, new PlanTokens(version, plans.get(last).tokens() + more));
            } else {
                plans.add(new PlanTokens(version, more));
            }
        }

        /** A group that was probed and not drawn reports its probes as drawn. */
        Half half(Subject subject, int index, int part, SketchPool pool) {
            LossSums told = drawn.tokens > 0 ? drawn : probed;
            if (drawn.tokens == 0 && subject.isGroup()) {
                addTokens(probed.version, probed.tokens);
            }
            sketch.ifPresent(sum -> scale(sum, (double) told.tokens / sketchedTokens));
            return new Half(
                    subject,
                    index,
                    part,
                    plans,
                    told.tokens,
                    told.sequences,
                    told.lossSum,
                    told.lossSquareSum,
                    sketch.<CarriedSketch>map(sum -> new CarriedSketch.Sums(sum, pool))
                            .orElse(CarriedSketch.NONE));
        }

        private static void scale(float[] sum, double factor) {
            if (factor != 1) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] = (float) (sum[i] * factor);
                }
            }
        }
    }

    /** Sums over tokens. */
    private static final class LossSums {

        private long tokens;
        private long sequences;
        private double lossSum;
        private double lossSquareSum;
        private long version;

        void add(Observation observation, long plan) {
            tokens += observation.tokens();
            sequences += observation.sequences();
            lossSum += observation.lossSum();
            lossSquareSum += observation.lossSquareSum();
            version = plan;
        }
    }
}
