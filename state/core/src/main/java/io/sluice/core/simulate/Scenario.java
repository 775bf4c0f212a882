package io.sluice.core.simulate;

import java.util.Arrays;
import java.util.List;

/**
 * A law of training on K groups, whose held-out losses are the targets.
 *
 * <pre>
 * L_i = floor_i + drop_i (sum_j transfer_ij e_j + 1)^(-exponent_i)
 * e_j = c_j                                                  while c_j &lt;= unique_j
 *     = unique_j (1 + R (1 - exp(-(c_j / unique_j - 1) / R)))   after that, R = 15.387756
 * </pre>
 *
 * <p>c_j are the tokens drawn from group j, e_j what they are worth when tokens repeat: the decay
 * of Muennighoff et al., "Scaling Data-Constrained Language Models", arXiv 2305.16264. Tokens are
 * in units of one round.
 *
 * <p>The law belongs to the family that {@code slope-eg} fits, which therefore looks better here
 * than it is.
 *
 * @param name how it is asked for; so is its place in {@link #all}, as S1, S2, ...
 * @param floors losses that no tokens remove, in nats
 * @param drops losses above the floor before training, in nats
 * @param exponents how fast they fall
 * @param transfer {@code transfer[target][group]}: worth of a group's tokens for a target
 * @param unique tokens of each group before they repeat, infinite where they never do
 * @param changes groups that come and leave, by round
 */
public record Scenario(
        String name,
        double[] floors,
        double[] drops,
        double[] exponents,
        double[][] transfer,
        double[] unique,
        List<Change> changes) {

    /**
     * A group that comes into the mixture, or leaves it.
     *
     * @param round the round with whose decision it does
     * @param group its index
     * @param comes whether it comes; it is not there before
     */
    public record Change(int round, int group, boolean comes) {}

    public Scenario {
        changes = List.copyOf(changes);
    }

    /** A scenario whose groups stay. */
    public Scenario(
            String name,
            double[] floors,
            double[] drops,
            double[] exponents,
            double[][] transfer,
            double[] unique) {
        this(name, floors, drops, exponents, transfer, unique, List.of());
    }

    private static final double REPETITION = 15.387756;
    private static final double ENDLESS = Double.POSITIVE_INFINITY;

    /** Five groups of a kind: there is nothing to gain. */
    public static final Scenario IDENTICAL = alike("identical", 1.5, 2);

    /** The fifth group is noise: no tokens lower its loss. */
    public static final Scenario NOISE = alike("noise", 5, 0);

    /** Groups of different laws, of which two pairs help each other. */
    public static final Scenario TRANSFER =
            new Scenario(
                    "transfer",
                    new double[] {1, 1.5, 2, 2.5, 3},
                    new double[] {4, 3, 2, 2, 1},
                    new double[] {.5, .4, .3, .2, .1},
                    new double[][] {
                        {1, .3, 0, 0, 0},
                        {.3, 1, 0, 0, 0},
                        {0, 0, 1, .2, 0},
                        {0, 0, .2, 1, 0},
                        {0, 0, 0, 0, 1}
                    },
                    new double[] {ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS});

    /** Groups of a kind, of which two are small and repeat. */
    public static final Scenario LIMITED =
            new Scenario(
                    "limited",
                    IDENTICAL.floors,
                    IDENTICAL.drops,
                    IDENTICAL.exponents,
                    IDENTICAL.transfer,
                    new double[] {ENDLESS, ENDLESS, ENDLESS, 20, 5});

    /** The third, in which the fourth group comes late and the second leaves early. */
    public static final Scenario CHURN =
            new Scenario(
                    "churn",
                    TRANSFER.floors,
                    TRANSFER.drops,
                    TRANSFER.exponents,
                    TRANSFER.transfer,
                    TRANSFER.unique,
                    List.of(new Change(100, 3, true), new Change(250, 1, false)));

    /** All scenarios. */
    public static List<Scenario> all() {
        return List.of(IDENTICAL, NOISE, TRANSFER, LIMITED, CHURN);
    }

    /**
     * The scenario of a name.
     *
     * @param name as {@code transfer}, or as {@code S3}
     * @throws IllegalArgumentException when there is none
     */
    public static Scenario of(String name) {
        for (int place = 0; place < all().size(); place++) {
            Scenario scenario = all().get(place);
            if (scenario.name.equals(name) || name.equalsIgnoreCase("S" + (place + 1))) {
                return scenario;
            }
        }
        throw new IllegalArgumentException(
                "no scenario is called '"
                        + name
                        + "': choose S1 to S"
                        + all().size()
                        + ", or one of "
                        + all().stream().map(Scenario::name).toList());
    }

    /** Number of groups, and of targets. */
    public int size() {
        return floors.length;
    }

    /** Whether each group is there when a round is trained, as far as changes have no delay. */
    public boolean[] present(int round) {
        boolean[] present = new boolean[size()];
        Arrays.fill(present, true);
        for (int c = changes.size() - 1; c >= 0; c--) {
            // Before its first change a group is what that change ends.
            present[changes.get(c).group()] = !changes.get(c).comes();
        }
        for (Change change : changes) {
            if (change.round() < round) {
                present[change.group()] = change.comes();
            }
        }
        return present;
    }

    /** What the tokens drawn are worth. */
    public double[] effective(double[] tokens) {
        double[] worth = new double[tokens.length];
        for (int j = 0; j < tokens.length; j++) {
            double repeats = tokens[j] / unique[j] - 1;
            worth[j] =
                    repeats <= 0
                            ? tokens[j]
                            : unique[j]
                                    * (1
                                            + REPETITION
                                                    * (1 - StrictMath.exp(-repeats / REPETITION)));
        }
        return worth;
    }

    /** Losses of the targets after these tokens, in nats. */
    public double[] losses(double[] tokens) {
        double[] worth = effective(tokens);
        double[] losses = new double[size()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = floors[i] + drops[i] * StrictMath.pow(reach(i, worth), -exponents[i]);
        }
        return losses;
    }

    /** By how much the next token of each group lowers each target: {@code [target][group]}. */
    public double[][] slopes(double[] tokens) {
        double[] worth = effective(tokens);
        double[][] slopes = new double[size()][size()];
        for (int i = 0; i < slopes.length; i++) {
            double slope =
                    exponents[i] * drops[i] * StrictMath.pow(reach(i, worth), -exponents[i] - 1);
            for (int j = 0; j < slopes.length; j++) {
                double repeats = Math.max(0, tokens[j] / unique[j] - 1);
                slopes[i][j] = slope * transfer[i][j] * StrictMath.exp(-repeats / REPETITION);
            }
        }
        return slopes;
    }

    private double reach(int i, double[] worth) {
        double sum = 1;
        for (int j = 0; j < worth.length; j++) {
            sum += transfer[i][j] * worth[j];
        }
        return sum;
    }

    /** Five groups of a kind but for the last. */
    private static Scenario alike(String name, double lastFloor, double lastDrop) {
        double[][] own = new double[5][5];
        for (int j = 0; j < 5; j++) {
            own[j][j] = 1;
        }
        return new Scenario(
                name,
                new double[] {1.5, 1.5, 1.5, 1.5, lastFloor},
                new double[] {2, 2, 2, 2, lastDrop},
                new double[] {.3, .3, .3, .3, .3},
                own,
                new double[] {ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS});
    }
}
