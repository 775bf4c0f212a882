package io.sluice.core.guard;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Least and largest share of every group, and the projection onto them.
 *
 * <p>The projection minimises {@code KL(w || u)} over the box and the simplex. Its solution is
 * {@code w_j = clip(c u_j, lo_j, hi_j)} with the one c for which the weights sum to 1; c is found
 * exactly, by walking over the sorted values at which a group leaves its floor or meets its cap.
 */
public final class MixtureBox {

    private static final double AT_BOUND = 1e-9;

    private final double[] floors;
    private final double[] caps;

    /**
     * @throws IllegalArgumentException when no mixture lies in the box
     */
    public MixtureBox(double[] floors, double[] caps) {
        this(floors, caps, Integer::toString);
    }

    private MixtureBox(double[] floors, double[] caps, IntFunction<String> name) {
        this.floors = floors.clone();
        this.caps = caps.clone();
        double least = 0;
        double most = 0;
        for (int j = 0; j < floors.length; j++) {
            if (!(floors[j] >= 0 && floors[j] <= caps[j])) {
                throw new IllegalArgumentException(
                        "floor "
                                + floors[j]
                                + " and cap "
                                + caps[j]
                                + " of group "
                                + name.apply(j)
                                + ": let the floor be at least 0 and at most the cap");
            }
            least += floors[j];
            most += caps[j];
        }
        if (least > 1 + 1e-9 || most < 1 - 1e-9) {
            throw new IllegalArgumentException(
                    "no mixture fits: floors sum to "
                            + least
                            + " and caps to "
                            + most
                            + ": let floors sum to at most 1 and caps to at least 1");
        }
    }

    /** The box that a run declares: nothing for groups that are out of the mixture. */
    public static MixtureBox of(RunSpec spec) {
        return new MixtureBox(
                spec.groups().stream().mapToDouble(g -> g.dormant() ? 0 : g.floor()).toArray(),
                spec.groups().stream().mapToDouble(g -> g.dormant() ? 0 : g.cap()).toArray(),
                j -> spec.groups().get(j).id().value());
    }

    /**
     * Checks that a run can begin with its prior: while some groups wait, the others' shares are
     * larger than declared.
     *
     * @throws IllegalArgumentException when one is above its cap
     */
    public static void requirePrior(RunSpec spec) {
        Mixture prior = spec.prior();
        for (int j = 0; j < prior.size(); j++) {
            GroupSpec group = spec.groups().get(j);
            if (prior.weight(j) > group.cap() * (1 + AT_BOUND)) {
                throw new IllegalArgumentException(
                        "group "
                                + group.id()
                                + " begins with a share of "
                                + prior.weight(j)
                                + " among the groups that are not dormant, above its cap of "
                                + group.cap()
                                + ": raise its cap, or lower its prior");
            }
        }
    }

    /**
     * The box that every plan of a run lies in: floors give way to what supplies leave, and groups
     * that are declared for later may have come.
     */
    public static MixtureBox widest(RunSpec spec) {
        return new MixtureBox(
                spec.groups().stream()
                        .mapToDouble(g -> mayBeLess(g, spec) ? 0 : g.floor())
                        .toArray(),
                spec.groups().stream().mapToDouble(GroupSpec::cap).toArray());
    }

    private static boolean mayBeLess(GroupSpec group, RunSpec spec) {
        return group.dormant() || group.supply().isPresent() || spec.catalog().isPresent();
    }

    /**
     * The point of the box that is nearest to {@code u} in KL divergence.
     *
     * @param weightsBefore the point u: finite weights of any sum, at most 1e300 each; one below
     *     {@link LogWeights#LEAST} counts as that, which keeps ratios finite
     */
    public double[] project(double[] weightsBefore) {
        int m = weightsBefore.length;
        double[] u = new double[m];
        for (int j = 0; j < m; j++) {
            u[j] = Math.max(weightsBefore[j], LogWeights.LEAST);
        }
        double[] breaks = new double[2 * m];
        for (int j = 0; j < m; j++) {
            breaks[j] = floors[j] / u[j];
            breaks[m + j] = caps[j] / u[j];
        }
        Arrays.sort(breaks);
        // The sum of clip(c u) grows with c: find the two breaks between which it reaches 1.
        int low = 0;
        int high = breaks.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sum(u, breaks[middle]) >= 1) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        double below = breaks[Math.max(0, low - 1)];
        double inside = between(below, breaks[low]);
        double held = 0;
        double free = 0;
        for (int j = 0; j < m; j++) {
            double scaled = inside * u[j];
            if (scaled <= floors[j]) {
                held += floors[j];
            } else if (scaled >= caps[j]) {
                held += caps[j];
            } else {
                free += u[j];
            }
        }
        // A sum that rounding keeps just under 1 leaves nothing to the free groups: c stays
        // between.
        double c = free > 0 ? clip((1 - held) / free, below, breaks[low]) : inside;
        double[] weights = new double[m];
        for (int j = 0; j < m; j++) {
            weights[j] = clip(c * u[j], j);
        }
        return settle(weights);
    }

    double floor(int j) {
        return floors[j];
    }

    /** The largest share of the group at index {@code j}. */
    public double cap(int j) {
        return caps[j];
    }

    /** How many groups lie at their floor or cap. */
    public int countBound(double[] weights) {
        int bound = 0;
        for (int j = 0; j < weights.length; j++) {
            if (weights[j] <= floors[j] * (1 + AT_BOUND)
                    || weights[j] >= caps[j] * (1 - AT_BOUND)) {
                bound++;
            }
        }
        return bound;
    }

    /** Whether every weight lies between its floor and its cap, within a relative 1e-9. */
    public boolean contains(double[] weights) {
        for (int j = 0; j < weights.length; j++) {
            if (weights[j] < floors[j] * (1 - AT_BOUND) || weights[j] > caps[j] * (1 + AT_BOUND)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Spreads the rounding error of the sum over the groups that have room for it, in proportion to
     * their weights, so that it neither swamps a tiny weight nor takes it away.
     */
    private double[] settle(double[] weights) {
        for (int pass = 0; pass < 4; pass++) {
            double rest = 1;
            for (double weight : weights) {
                rest -= weight;
            }
            double room = 0;
            for (int j = 0; j < weights.length; j++) {
                room += hasRoom(weights[j], j, rest) ? weights[j] : 0;
            }
            if (rest == 0 || room == 0) {
                return weights;
            }
            double factor = 1 + rest / room;
            for (int j = 0; j < weights.length; j++) {
                if (hasRoom(weights[j], j, rest)) {
                    weights[j] = clip(factor * weights[j], j);
                }
            }
        }
        return weights;
    }

    private boolean hasRoom(double weight, int j, double rest) {
        return rest > 0 ? weight < caps[j] : weight > floors[j];
    }

    private double sum(double[] u, double c) {
        double sum = 0;
        for (int j = 0; j < u.length; j++) {
            sum += clip(c * u[j], j);
        }
        return sum;
    }

    private double clip(double value, int j) {
        return clip(value, floors[j], caps[j]);
    }

    private static double clip(double value, double least, double most) {
        return Math.min(Math.max(value, least), most);
    }

    private static double between(double a, double b) {
        return a + (b - a) / 2;
    }
}
