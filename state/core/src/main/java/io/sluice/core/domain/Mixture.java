package io.sluice.core.domain;

import java.util.Arrays;
import java.util.List;

/**
 * A point on the simplex: one weight per group, groups sorted by id, weights finite, not negative,
 * summing to 1 within 1e-12. Immutable.
 */
public final class Mixture {

    /** How far the sum of the weights may be from 1. */
    public static final double SUM_TOLERANCE = 1e-12;

    private static final double LEAST_DIFFERENCE = 1e-9;

    private final List<GroupId> groups;
    private final double[] weights;

    private Mixture(List<GroupId> groups, double[] weights) {
        this.groups = groups;
        this.weights = weights;
    }

    /**
     * A mixture with exactly these weights.
     *
     * @param groups ids in increasing order
     * @param weights one weight per group
     * @throws IllegalArgumentException when this is not a point on the simplex
     */
    public static Mixture of(List<GroupId> groups, double[] weights) {
        check(groups, weights);
        double sum = sum(weights);
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new IllegalArgumentException("weights sum to " + sum + ", not to 1");
        }
        return new Mixture(List.copyOf(groups), weights.clone());
    }

    /**
     * As {@link #of}, after dividing the weights by their sum, which must be positive and finite.
     */
    public static Mixture normalised(List<GroupId> groups, double[] weights) {
        check(groups, weights);
        double sum = sum(weights);
        if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weights sum to " + sum);
        }
        if (Math.abs(sum - 1) <= SUM_TOLERANCE) {
            return of(groups, weights);
        }
        double[] scaled = weights.clone();
        for (int j = 0; j < scaled.length; j++) {
            scaled[j] /= sum;
        }
        return of(groups, scaled);
    }

    /** Whether any weight differs from the other's by more than rounding explains. */
    public boolean differsFrom(double[] other) {
        double most = 0;
        for (int j = 0; j < other.length; j++) {
            most = Math.max(most, Math.abs(weights[j] - other[j]));
        }
        return most >= LEAST_DIFFERENCE;
    }

    /** Number of groups. */
    public int size() {
        return weights.length;
    }

    /** The groups in increasing order of their ids. */
    public List<GroupId> groups() {
        return groups;
    }

    /** The weight at index {@code j}. */
    public double weight(int j) {
        return weights[j];
    }

    /**
     * The weight of {@code group}.
     *
     * @throws IllegalArgumentException when the mixture has no such group
     */
    public double weight(GroupId group) {
        int j = groups.indexOf(group);
        if (j < 0) {
            throw new IllegalArgumentException("the mixture has no group " + group);
        }
        return weights[j];
    }

    /** A copy of the weights, in the order of {@link #groups()}. */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * Kullback-Leibler divergence {@code KL(this || reference)} in nats; infinite when this gives
     * weight to a group that the reference gives none.
     */
    public double klFrom(Mixture reference) {
        if (!groups.equals(reference.groups)) {
            throw new IllegalArgumentException("the mixtures do not have the same groups");
        }
        return kl(weights, reference.weights);
    }

    /** {@code KL(p || q)} in nats for two weight vectors of one length. */
    public static double kl(double[] p, double[] q) {
        double sum = 0;
        for (int j = 0; j < p.length; j++) {
            if (p[j] > 0) {
                if (q[j] <= 0) {
                    return Double.POSITIVE_INFINITY;
                }
                sum += p[j] * (StrictMath.log(p[j]) - StrictMath.log(q[j]));
            }
        }
        return Math.max(sum, 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mixture
                && groups.equals(((Mixture) other).groups)
                && Arrays.equals(weights, ((Mixture) other).weights);
    }

    @Override
    public int hashCode() {
        return 31 * groups.hashCode() + Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int j = 0; j < weights.length; j++) {
            text.append(j == 0 ? "" : ", ").append(groups.get(j)).append('=').append(weights[j]);
        }
        return text.append('}').toString();
    }

    private static void check(List<GroupId> groups, double[] weights) {
        if (groups.isEmpty() || groups.size() != weights.length) {
            throw new IllegalArgumentException(
                    groups.size() + " groups and " + weights.length + " weights");
        }
        for (int j = 0; j < weights.length; j++) {
            if (!(weights[j] >= 0 && weights[j] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "group " + groups.get(j) + " has weight " + weights[j]);
            }
            if (j > 0 && groups.get(j - 1).compareTo(groups.get(j)) >= 0) {
                throw new IllegalArgumentException(
                        "groups are not in increasing order: "
                                + groups.get(j - 1)
                                + ", "
                                + groups.get(j));
            }
        }
    }

    private static double sum(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }
}
