package io.sluice.core.round;

import io.sluice.core.domain.SketchWork;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.statistics.DampedFisher;
import io.sluice.core.statistics.GradientStatistics;
import io.sluice.core.statistics.GradientStatistics.Product;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.core.statistics.HalfProducts;
import io.sluice.core.statistics.SplitSketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares the sketches of one round: groups with targets, and what else a run asks for. */
final class SketchComparison {

    private final SketchWork work;
    private final List<SplitSketch> groups;
    private final List<SplitSketch> targets;
    private final HalfProducts fisher;

    /**
     * @param groups by index; where work is asked for, those of all groups
     * @param targets by index
     */
    SketchComparison(SketchWork work, List<SplitSketch> groups, List<SplitSketch> targets) {
        this.work = work;
        this.groups = groups;
        this.targets = targets;
        List<SplitSketch> all = new ArrayList<>(groups);
        all.addAll(targets);
        all.removeIf(sketch -> !sketch.isSplit());
        this.fisher =
                work.asksForInfluence() ? new DampedFisher(all, work.fisher()) : HalfProducts.PLAIN;
    }

    /**
     * What is said of a group whose sketch is split.
     *
     * @param index the group's index
     */
    GroupGradient gradient(int index, SplitSketch group) {
        int n = targets.size();
        int rows = work.asksForInfluence() ? 2 * n : n;
        double[] products = new double[work.gram() ? rows + index : rows];
        double[] variance = new double[rows];
        for (int i = 0; i < n; i++) {
            if (targets.get(i).isSplit()) {
                Product product = GradientStatistics.align(group, targets.get(i));
                products[i] = product.value();
                variance[i] = product.variance();
            } else {
                variance[i] = Double.POSITIVE_INFINITY;
            }
        }
        if (work.asksForInfluence()) {
            influence(group, products, variance);
        }
        for (int k = 0; rows + k < products.length; k++) {
            if (groups.get(k).isSplit()) {
                products[rows + k] = GradientStatistics.align(group, groups.get(k)).value();
            }
        }
        return new GroupGradient(GradientStatistics.squaredNorm(group), products, variance);
    }

    /** Cosines under the Fisher information, and their variances, after the alignments. */
    private void influence(SplitSketch group, double[] products, double[] variance) {
        int n = targets.size();
        SquaredNorm own = GradientStatistics.squaredNorm(group, fisher);
        Arrays.fill(variance, n, 2 * n, Double.POSITIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            SplitSketch target = targets.get(i);
            if (target.isSplit()) {
                Product product = GradientStatistics.align(group, target, fisher);
                double norms =
                        own.pooled() * GradientStatistics.squaredNorm(target, fisher).pooled();
                // A gradient of length zero agrees with nothing.
                products[n + i] = norms > 0 ? product.value() / Math.sqrt(norms) : 0;
                variance[n + i] = norms > 0 ? product.variance() / norms : 0;
            }
        }
    }
}
