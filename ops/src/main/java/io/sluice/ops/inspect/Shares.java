package io.sluice.ops.inspect;

import io.sluice.core.domain.Mixture;
import io.sluice.schemas.GroupWeight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mixture as a record tells it. Unlike the core's, it may be nonsense: what a refused plan asked
 * for is worth seeing.
 *
 * @param byGroup share of each group
 */
record Shares(Map<String, Double> byGroup) {

    Shares {
        byGroup = Map.copyOf(byGroup);
    }

    static Shares of(List<GroupWeight> weights) {
        Map<String, Double> byGroup = new HashMap<>(weights.size() * 2);
        weights.forEach(weight -> byGroup.put(weight.getGroup(), weight.getWeight()));
        return new Shares(byGroup);
    }

    /** The groups whose shares differ from those of {@code before}, the largest change first. */
    List<Move> movesFrom(Shares before) {
        List<Move> moves = new ArrayList<>();
        byGroup.forEach(
                (group, to) -> {
                    double from = before.byGroup().getOrDefault(group, 0.0);
                    if (from != to) {
                        moves.add(new Move(group, from, to));
                    }
                });
        moves.sort(
                Comparator.comparingDouble((Move move) -> -Math.abs(move.to() - move.from()))
                        .thenComparing(Move::group));
        return moves;
    }

    /**
     * {@code KL(this || before)} in nats, over groups in the order of their names; infinite when
     * this gives a share to a group that {@code before} gives none.
     */
    double klFrom(Shares before) {
        List<String> groups = byGroup.keySet().stream().sorted().toList();
        double[] to = new double[groups.size()];
        double[] from = new double[groups.size()];
        for (int j = 0; j < to.length; j++) {
            to[j] = byGroup.get(groups.get(j));
            from[j] = before.byGroup().getOrDefault(groups.get(j), 0.0);
        }
        return Mixture.kl(to, from);
    }
}
