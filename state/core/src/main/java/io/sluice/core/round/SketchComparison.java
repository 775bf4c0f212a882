package io.sluice.core.round;

import io.sluice.core.domain.SketchWork;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.Influence;
import io.sluice.core.statistics.DampedFisher;
import io.sluice.core.statistics.GradientStatistics;
import io.sluice.core.statistics.GradientStatistics.Product;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.core.statistics.HalfProducts;
import io.sluice.core.statistics.SplitSketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
        double[] alignment = new double[n];
        double[] variance = new double[n];
        for (int i = 0; i < n; i++) {
            if (targets.get(i).isSplit()) {
                Product product = GradientStatistics.align(group, targets.get(i));
                alignment[i] = product.value();
                variance[i] = product.variance();
            } else {
                variance[i] = Double.POSITIVE_INFINITY;
            }
        }
        return new GroupGradient(
                GradientStatistics.squaredNorm(group),
                alignment,
                variance,
                work.asksForInfluence() ? Optional.of(influence(group)) : Optional.empty(),
                work.gram() ? Optional.of(products(index, group)) : Optional.empty());
    }

    private Influence influence(SplitSketch group) {
        SquaredNorm own = GradientStatistics.squaredNorm(group, fisher);
        double[] cosine = new double[targets.size()];
        double[] variance = new double[cosine.length];
        Arrays.fill(variance, Double.POSITIVE_INFINITY);
        for (int i = 0; i < cosine.length; i++) {
            SplitSketch target = targets.get(i);
            if (target.isSplit()) {
                Product product = GradientStatistics.align(group, target, fisher);
                double norms =
                        own.pooled() * GradientStatistics.squaredNorm(target, fisher).pooled();
                // A gradient of length zero agrees with nothing.
                cosine[i] = norms > 0 ? product.value() / Math.sqrt(norms) : 0;
                variance[i] = norms > 0 ? product.variance() / norms : 0;
            }
        }
        return new Influence(cosine, variance);
    }

    private double[] products(int index, SplitSketch group) {
        double[] products = new double[index];
        for (int k = 0; k < index; k++) {
            if (groups.get(k).isSplit()) {
                products[k] = GradientStatistics.align(group, groups.get(k)).value();
            }
        }
        return products;
    }
}
