package io.sluice.core.statistics;

/** Inner products of the per-token means of halves of sketches. */
@FunctionalInterface
public interface HalfProducts {

    /** As sketches are: the plain inner product. */
    HalfProducts PLAIN = SplitSketch::products;

    /** The products of one half of {@code x} and both halves of {@code y}. */
    double[] of(SplitSketch x, int part, SplitSketch y);
}
