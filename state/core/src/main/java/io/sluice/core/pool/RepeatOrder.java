package io.sluice.core.pool;

import io.sluice.core.pool.Stretch.Window;
import io.sluice.core.sketch.Hashes;
import java.util.function.LongToDoubleFunction;

/**
 * Which document each place of a repeating pass takes. A pass over n documents has n places.
 *
 * <p>Systematic sampling: with weights {@code w_i}, their sums {@code W_i} and one random u in [0,
 * 1) for each pass, the line from 0 to {@code W_n} is cut at {@code (p + u) W_n / n}, p = 0 to n -
 * 1, and each cut takes the document in whose part of the line it falls. So a document is taken
 * {@code n w_i / W_n} times, rounded up or down; once, where all weights are equal. The cuts are
 * then put in a random order. Randomness is named by seed, group and pass.
 */
public final class RepeatOrder {

    private final long seed;
    private final long group;

    /**
     * @param seed the run's seed
     * @param group the group's id
     */
    public RepeatOrder(long seed, String group) {
        this.seed = seed;
        this.group = Hashes.hash(group);
    }

    /**
     * The document at a place.
     *
     * @param window the documents
     * @param pass which pass it is
     * @param place 0 to below the number of documents
     * @param weights sum of the weights of all documents up to a number and with it, from {@code
     *     window.first() - 1} on, if there is one; it must not fall
     */
    public long at(Window window, long pass, long place, LongToDoubleFunction weights) {
        long key = Hashes.mix64(seed, group, pass);
        long cut = new Permutation(window.size(), key).at(place);
        double offset = (Hashes.fin(key) >>> 11) * 0x1p-53;
        double before = window.first() == 0 ? 0 : weights.applyAsDouble(window.first() - 1);
        double all = weights.applyAsDouble(window.end() - 1) - before;
        if (!(all > 0)) {
            return window.first() + cut;
        }
        double point = before + (cut + offset) * all / window.size();
        long low = window.first();
        long high = window.end() - 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (weights.applyAsDouble(middle) > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
