package io.sluice.core.statistics;

/** Inner products of the per-token means of halves of sketches. */
@FunctionalInterface
public interface HalfProducts {

    /** As sketches are: the plain inner product. */
    HalfProducts PLAIN = SplitSketch::products;

    /** The products of both halves of {@code x} with both halves of {@code y}. */
    Pairs of(SplitSketch x, SplitSketch y);

    /**
     * Products of the halves A and B of one sketch with those of another.
     *
     * @param aa of A with A
     * @param ab of A with B
     * @param ba of B with A
     * @param bb of B with B
     */
    record Pairs(double aa, double ab, double ba, double bb) {}
}
