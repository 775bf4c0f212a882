package io.sluice.core.candidate.score;

import io.sluice.core.sketch.Hashes;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How near a document's vector is to the nearest target's: their cosine, and 0 where it is
 * negative. Its version is a checksum of the targets' vectors and models, so that scores against
 * other vectors do not pass for comparable ones.
 */
public final class SimilarityScorer {

    /** The scorer's name. */
    public static final String NAME = "similarity";

    private final List<Target> targets;
    private final int version;

    /**
     * @param targets at least one; vectors of one size
     */
    public SimilarityScorer(List<Target> targets) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("similarity to no target: give at least one");
        }
        this.targets = targets.stream().sorted(Comparator.comparing(Target::name)).toList();
        this.version = version(this.targets);
    }

    /**
     * What a target's text means.
     *
     * @param name the target
     * @param model the model that the vector is of
     * @param vector its numbers, finite and not all 0
     */
    public record Target(String name, String model, float[] vector) {}

    /** Version of the scores. */
    public int version() {
        return version;
    }

    /** The score of a vector of the targets' size; empty where it has no direction. */
    public OptionalDouble score(float[] vector) {
        double nearest = 0;
        for (Target target : targets) {
            double dot = 0;
            double left = 0;
            double right = 0;
            for (int i = 0; i < vector.length; i++) {
                dot += (double) vector[i] * target.vector()[i];
                left += (double) vector[i] * vector[i];
                right += (double) target.vector()[i] * target.vector()[i];
            }
            double cosine = dot / Math.sqrt(left * right);
            if (!Double.isFinite(cosine)) {
                return OptionalDouble.empty();
            }
            nearest = Math.max(nearest, cosine);
        }
        return OptionalDouble.of(Math.min(1, nearest));
    }

    private static int version(List<Target> targets) {
        long hash = 0;
        for (Target target : targets) {
            hash = Hashes.mix64(hash, Hashes.hash(target.name()), Hashes.hash(target.model()));
            for (float number : target.vector()) {
                hash = Hashes.fin(hash + Hashes.GOLDEN) ^ Float.floatToIntBits(number);
            }
        }
        return Math.max(1, (int) (Hashes.fin(hash) >>> 33));
    }
}
