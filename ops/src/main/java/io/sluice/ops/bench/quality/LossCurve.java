package io.sluice.ops.bench.quality;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Losses of one target over a run.
 *
 * @param steps optimiser steps taken when each was measured, rising
 * @param losses nats per byte
 */
record LossCurve(List<Long> steps, List<Double> losses) {

    LossCurve {
        steps = List.copyOf(steps);
        losses = List.copyOf(losses);
        if (steps.isEmpty() || steps.size() != losses.size()) {
            throw new IllegalArgumentException(
                    steps.size() + " steps and " + losses.size() + " losses are no curve");
        }
    }

    /** The mean of curves that were measured at the same steps. */
    static LossCurve mean(List<LossCurve> curves) {
        int points = curves.stream().mapToInt(curve -> curve.steps().size()).min().orElseThrow();
        double[] sums = new double[points];
        for (LossCurve curve : curves) {
            if (!curve.steps()
                    .subList(0, points)
                    .equals(curves.get(0).steps().subList(0, points))) {
                throw new IllegalArgumentException("the curves were measured at different steps");
            }
            for (int i = 0; i < points; i++) {
                sums[i] += curve.losses().get(i) / curves.size();
            }
        }
        return new LossCurve(
                curves.get(0).steps().subList(0, points), Arrays.stream(sums).boxed().toList());
    }

    /**
     * The loss after {@code step} steps, interpolated.
     *
     * @throws IllegalArgumentException when the curve ends before
     */
    double at(double step) {
        int last = steps.size() - 1;
        if (step > steps.get(last)) {
            throw new IllegalArgumentException(
                    "the curve ends at step " + steps.get(last) + ", before " + step);
        }
        int i = 0;
        while (i < last && steps.get(i) < step) {
            i++;
        }
        if (i == 0 || steps.get(i) == step) {
            return losses.get(i);
        }
        double way = (step - steps.get(i - 1)) / (steps.get(i) - steps.get(i - 1));
        return losses.get(i - 1) + way * (losses.get(i) - losses.get(i - 1));
    }

    /** First step, interpolated, at which the curve is as low as {@code loss}; empty if never. */
    OptionalDouble reaches(double loss) {
        for (int i = 0; i < losses.size(); i++) {
            if (losses.get(i) <= loss) {
                if (i == 0) {
                    return OptionalDouble.of(steps.get(0));
                }
                double drop = losses.get(i - 1) - losses.get(i);
                double way = (losses.get(i - 1) - loss) / drop;
                return OptionalDouble.of(
                        steps.get(i - 1) + way * (steps.get(i) - steps.get(i - 1)));
            }
        }
        return OptionalDouble.empty();
    }

    /** The part of it up to and with {@code step}. */
    LossCurve through(long step) {
        int points = (int) steps.stream().filter(taken -> taken <= step).count();
        return new LossCurve(steps.subList(0, points), losses.subList(0, points));
    }
}
