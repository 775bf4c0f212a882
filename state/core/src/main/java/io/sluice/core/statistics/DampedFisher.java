package io.sluice.core.statistics;

import io.sluice.core.linear.Cholesky;
import io.sluice.core.signal.Signal;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inner products under the inverse of the damped empirical Fisher information of a round's own
 * sketches: influence instead of alignment.
 *
 * <pre>
 * F = lambda I + 1/B sum_b phi_b phi_b^T          lambda = damping * tr(sum_b phi_b phi_b^T / B) / min(B, k)
 * (x, y) = lambda x^T F^-1 y
 * </pre>
 *
 * <p>phi_b are the B halves of groups and targets, as per-token means of length k. Every x and y is
 * one of them, so that Woodbury's identity needs their Gram matrix G alone: with {@code c = lambda
 * B} the products of all pairs are {@code c G (c I + G)^-1}. The factor lambda changes no cosine,
 * and makes a large damping the plain inner product.
 *
 * <p>Source: the form of TRAK (Park et al., arXiv 2303.14186), {@code phi(z)^T (Phi^T Phi + lambda
 * I)^-1 phi(z')}, with the damping relative to the mean eigenvalue as DataInf (Kwon et al., arXiv
 * 2310.00902) has it. Deviations:
 *
 * <ul>
 *   <li>Sums over many tokens stand in for single examples. Their noise is smaller, so that F is
 *       mostly the outer products of the mean gradients: directions that groups and targets share
 *       count for less, which is what an inverse curvature does.
 *   <li>The mean is over the eigenvalues that can differ from 0. A mean over all k would vanish
 *       against them, and without damping all sketches are orthogonal.
 *   <li>F contains the very halves that are multiplied. To turn the sign of one of them leaves F
 *       and turns the product, so that unrelated sketches still have products of mean 0, and halves
 *       of noise still tell signal from noise.
 * </ul>
 */
public final class DampedFisher implements HalfProducts {

    private final Map<SplitSketch, Integer> places = new IdentityHashMap<>();
    private final double[][] products;

    /**
     * @param sketches groups and targets, each split, in a fixed order
     * @param damping positive; below 0.001 rounding shows
     */
    public DampedFisher(List<SplitSketch> sketches, double damping) {
        for (SplitSketch sketch : sketches) {
            places.put(sketch, places.size());
        }
        int halves = Signal.PARTS * sketches.size();
        double[][] gram = new double[halves][halves];
        double trace = 0;
        for (int x = 0; x < sketches.size(); x++) {
            for (int y = 0; y <= x; y++) {
                put(gram, x, y, sketches.get(x).products(sketches.get(y)));
            }
        }
        for (int a = 0; a < halves; a++) {
            trace += gram[a][a];
        }
        int dimension = sketches.isEmpty() ? 1 : sketches.get(0).dimension();
        double ridge = damping * trace / Math.min(halves, dimension);
        boolean usable = ridge > 0 && ridge < Double.POSITIVE_INFINITY;
        // Sketches of length 0, or beyond what doubles hold, have no scale to damp by.
        products = usable ? damped(gram, ridge) : gram;
    }

    /** Puts the products of two sketches where they belong, on both sides of the diagonal. */
    private static void put(double[][] gram, int x, int y, Pairs products) {
        int a = Signal.PARTS * x;
        int b = Signal.PARTS * y;
        gram[a][b] = products.aa();
        gram[a][b + 1] = products.ab();
        gram[a + 1][b] = products.ba();
        gram[a + 1][b + 1] = products.bb();
        for (int row = a; row < a + Signal.PARTS; row++) {
            for (int column = b; column < b + Signal.PARTS; column++) {
                gram[column][row] = gram[row][column];
            }
        }
    }

    @Override
    public Pairs of(SplitSketch x, SplitSketch y) {
        int b = Signal.PARTS * places.get(y);
        double[] first = products[Signal.PARTS * places.get(x)];
        double[] second = products[Signal.PARTS * places.get(x) + 1];
        return new Pairs(first[b], first[b + 1], second[b], second[b + 1]);
    }

    /** {@code c G (c I + G)^-1}, made symmetric again after rounding. */
    private static double[][] damped(double[][] gram, double ridge) {
        int halves = gram.length;
        double[][] shifted = new double[halves][];
        for (int a = 0; a < halves; a++) {
            shifted[a] = gram[a].clone();
            shifted[a][a] += ridge;
        }
        Cholesky factor = Cholesky.of(shifted).orElseThrow();
        double[][] solved = new double[halves][];
        for (int a = 0; a < halves; a++) {
            solved[a] = factor.solve(gram[a]);
        }
        double[][] products = new double[halves][halves];
        for (int a = 0; a < halves; a++) {
            for (int b = 0; b < halves; b++) {
                products[a][b] = ridge * (solved[a][b] + solved[b][a]) / 2;
            }
        }
        return products;
    }
}
