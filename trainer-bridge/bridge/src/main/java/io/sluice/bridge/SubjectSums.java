package io.sluice.bridge;

import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was observed of one subject in the round under way, by halves. Observations go to A, B, A,
 * B, ... anew in each round, those with a sketch and those without each in their own turn, so that
 * the two halves are independent measurements of one gradient.
 *
 * <p>A half's sketch stands for all its tokens: the sum of what was sketched, scaled from the
 * sketched tokens to all. Tokens of probes count only in a half of which nothing was trained on.
 */
public final class SubjectSums {

    private final Supplier<float[]> zeros;
    private final Half[] halves = {new Half(), new Half()};
    private int sketched;
    private int plain;

    /**
     * @param zeros gives arrays of zeros of the run's sketch dimension; {@link #end} hands them on
     */
    public SubjectSums(Supplier<float[]> zeros) {
        this.zeros = zeros;
    }

    /**
     * The sums of one half.
     *
     * @param part 0 (A) or 1 (B)
     * @param plans tokens by the version that drew them, by increasing version; empty for targets
     * @param sketch scaled to all tokens; empty where no observation had one
     */
    public record Part(
            int part,
            List<PlanTokens> plans,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            Optional<float[]> sketch) {}

    /**
     * Adds an observation of the subject.
     *
     * @param version the plan of the step under way; never falls
     */
    public void add(Observation observation, long version) {
        int turn = observation.sketch().length > 0 ? sketched++ : plain++;
        halves[turn % Signal.PARTS].add(observation, version, zeros);
    }

    /** The halves that were observed; the next round begins. */
    public List<Part> end() {
        List<Part> parts = new ArrayList<>(Signal.PARTS);
        for (int part = 0; part < Signal.PARTS; part++) {
            if (halves[part].isObserved()) {
                parts.add(halves[part].told(part));
                halves[part] = new Half();
            }
        }
        sketched = 0;
        plain = 0;
        return parts;
    }

    private static final class Half {

        private final Losses drawn = new Losses();
        private final Losses probed = new Losses();
        private long sketchedTokens;
        private Optional<float[]> sketch = Optional.empty();

        void add(Observation observation, long version, Supplier<float[]> zeros) {
            if (observation.sketch().length > 0) {
                addSketch(observation, zeros);
            }
            (observation.probe() ? probed : drawn).add(observation, version);
        }

        boolean isObserved() {
            return drawn.tokens > 0 || probed.tokens > 0;
        }

        private void addSketch(Observation observation, Supplier<float[]> zeros) {
            if (sketch.isEmpty()) {
                sketch = Optional.of(zeros.get());
            }
            float[] sum = sketch.get();
            float[] observed = observation.sketch();
            for (int b = 0; b < sum.length; b++) {
                sum[b] += observed[b];
            }
            sketchedTokens += observation.tokens();
        }

        Part told(int part) {
            Losses told = drawn.tokens > 0 ? drawn : probed;
            sketch.ifPresent(sum -> scale(sum, (double) told.tokens / sketchedTokens));
            return new Part(
                    part,
                    told.plans,
                    told.tokens,
                    told.sequences,
                    told.lossSum,
                    told.lossSquareSum,
                    sketch);
        }

        private static void scale(float[] sum, double factor) {
            if (factor == 1) {
                return;
            }
            for (int b = 0; b < sum.length; b++) {
                sum[b] = (float) (sum[b] * factor);
            }
        }
    }

    private static final class Losses {

        private final List<PlanTokens> plans = new ArrayList<>(1);
        private long tokens;
        private long sequences;
        private double lossSum;
        private double lossSquareSum;

        void add(Observation observation, long version) {
            tokens += observation.tokens();
            sequences += observation.sequences();
            lossSum += observation.lossSum();
            lossSquareSum += observation.lossSquareSum();
            if (observation.subject().isGroup()) {
                addTokens(version, observation.tokens());
            }
        }

        private void addTokens(long version, long more) {
            int last = plans.size() - 1;
            if (last >= 0 && plans.get(last).version() == version) {
                plans.set(last, new PlanTokens(version, plans.get(last).tokens() + more));
            } else {
                plans.add(new PlanTokens(version, more));
            }
        }
    }
}
