package io.sluice.djl;

import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Where each tensor of a model stands in one flat vector.
 *
 * <p>A tensor named n begins at an index that is {@code hash(n) mod k}, modulo k, and the length is
 * a multiple of k. So element j of the vector belongs to bucket {@code j mod k} of sketch spec v1,
 * and folding the vector k by k sums the buckets. The gaps that this leaves hold zeros for ever:
 * nothing reads them, so their gradient is zero.
 *
 * @param tensors the tensors in the order given
 * @param places the tensors with their first indices, in increasing order
 * @param length elements of the vector, gaps included
 * @param period k
 */
record ParameterLayout(List<TensorSpec> tensors, List<Place> places, int length, int period) {

    /** A tensor and its first index. */
    record Place(TensorSpec tensor, int begin) {

        int end() {
            return begin + tensor.size();
        }
    }

    /**
     * Lays out tensors: next comes the one that leaves the smallest gap, the first of those in the
     * order given.
     *
     * @param period buckets of the sketch; 1 leaves no gaps, and keeps the order
     */
    static ParameterLayout of(List<TensorSpec> tensors, int period) {
        List<TensorSpec> left = new ArrayList<>(tensors);
        List<Place> places = new ArrayList<>();
        int end = 0;
        while (!left.isEmpty()) {
            int from = end;
            TensorSpec next =
                    Collections.min(left, Comparator.comparingInt(t -> gap(t, from, period)));
            int begin = end + gap(next, end, period);
            places.add(new Place(next, begin));
            end = begin + next.size();
            left.remove(next);
        }
        int length = end + Math.floorMod(-end, period);
        return new ParameterLayout(List.copyOf(tensors), List.copyOf(places), length, period);
    }

    /** Elements from {@code end} to the first place where the tensor may begin. */
    private static int gap(TensorSpec tensor, int end, int period) {
        int bucket = GradientSketch.firstBucket(Hashes.hash(tensor.name()), period);
        return Math.floorMod(bucket - end, period);
    }

    /**
     * Indices at which to cut the vector, so that piece 2i + 1 is tensor i and the pieces between
     * are the gaps, empty ones included.
     */
    long[] cuts() {
        return places.stream()
                .flatMapToLong(place -> LongStream.of(place.begin(), place.end()))
                .toArray();
    }

    /** The vector with each tensor's values in its place and zeros in the gaps. */
    float[] join(Function<TensorSpec, float[]> values) {
        float[] flat = new float[length];
        for (Place place : places) {
            float[] part = values.apply(place.tensor());
            System.arraycopy(part, 0, flat, place.begin(), place.tensor().size());
        }
        return flat;
    }

    /** As {@link #join(Function)}, with values by the tensor's name. */
    float[] join(Map<String, float[]> values) {
        return join(tensor -> values.get(tensor.name()));
    }

    /** The inverse of {@link #join(Map)}: each tensor's values by name, in the order given. */
    Map<String, float[]> part(float[] flat) {
        Map<String, float[]> parts = new LinkedHashMap<>();
        tensors.forEach(tensor -> parts.put(tensor.name(), new float[0]));
        for (Place place : places) {
            parts.put(place.tensor().name(), Arrays.copyOfRange(flat, place.begin(), place.end()));
        }
        return parts;
    }
}
