package io.sluice.ops.bench.quality;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training run gave.
 *
 * @param steps optimiser steps that a policy's run takes; a uniform run goes on beyond them
 * @param losses the curve of each target
 * @param mixtures mixtures in the order in which they came into force
 * @param epochs passes over each group in the first {@code steps} steps
 * @param cpuSecondsPerStep processor time, that of the measurements included
 */
record RunRecord(
        long steps,
        SortedMap<String, LossCurve> losses,
        List<MixtureFrom> mixtures,
        SortedMap<String, Double> epochs,
        double cpuSecondsPerStep) {

    /** A mixture and the first step that it held for. */
    record MixtureFrom(long step, SortedMap<String, Double> weights) {}

    RunRecord {
        losses = new TreeMap<>(losses);
        mixtures = List.copyOf(mixtures);
        epochs = new TreeMap<>(epochs);
    }

    /** The mixture in force at {@code step}. */
    SortedMap<String, Double> mixtureAt(long step) {
        SortedMap<String, Double> last = mixtures.get(0).weights();
        for (MixtureFrom mixture : mixtures) {
            if (mixture.step() <= step) {
                last = mixture.weights();
            }
        }
        return last;
    }

    /** The loss at the end of a policy's run, at equal tokens. */
    double finalLoss(String target) {
        return losses.get(target).at(steps);
    }
}
