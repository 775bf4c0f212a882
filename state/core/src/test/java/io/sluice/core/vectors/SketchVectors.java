package io.sluice.core.vectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;

/** {@link GradientSketch}: signs and buckets of small tensors, sums of larger ones. */
final class SketchVectors {

    private record Shard(String tensor, long offset, int elements) {}

    private SketchVectors() {}

    static void fill(ObjectNode file) {
        file.put(
                "doc",
                "Element i of every tensor is ((40503 i + 12345) mod 65536 - 32768) / 32768,"
                        + " which single precision holds exactly. Signs: one character an element."
                        + " Sums: within 1e-6 of the largest, relative.");
        ArrayNode elements = file.putArray("elements");
        addElements(elements, 7, 16, new Shard("w", 0, 64));
        addElements(elements, -3, 101, new Shard("model.layers.0.attn.q_proj.weight", 0, 250));
        addElements(elements, 42, 8191, new Shard("lm_head.weight", 5_000_000_000L, 64));
        ArrayNode sums = file.putArray("sums");
        addSums(sums, 7, 31, new Shard("w", 0, 1_000));
        addSums(sums, 7, 31, new Shard("w", 700, 300), new Shard("w", 0, 700));
        addSums(sums, 0, 251, new Shard("a.weight", 0, 5_000), new Shard("a.bias", 0, 70));
        addSums(
                sums,
                Long.MIN_VALUE,
                509,
                new Shard("embed", 123_456_789_012L, 70_000),
                new Shard("größe", 0, 513));
    }

    private static void addElements(ArrayNode cases, long seed, int dimension, Shard shard) {
        ObjectNode vector = describe(cases, seed, dimension, shard);
        long hash = Hashes.hash(shard.tensor());
        StringBuilder signs = new StringBuilder();
        ArrayNode buckets = vector.arrayNode();
        for (long i = shard.offset(); i < shard.offset() + shard.elements(); i++) {
            signs.append(GradientSketch.isNegative(seed, hash, i) ? '-' : '+');
            int first = GradientSketch.firstBucket(hash, dimension);
            buckets.add((first + i % dimension) % dimension);
        }
        vector.put("signs", signs.toString());
        vector.set("buckets", buckets);
    }

    private static void addSums(ArrayNode cases, long seed, int dimension, Shard... shards) {
        ObjectNode vector = describe(cases, seed, dimension, shards);
        GradientSketch sketch = new GradientSketch(new SketchSpec(dimension, seed));
        for (Shard shard : shards) {
            sketch.add(shard.tensor(), shard.offset(), values(shard));
        }
        ArrayNode sums = vector.putArray("sums");
        for (float sum : sketch.toFloats()) {
            sums.add((double) sum);
        }
    }

    private static ObjectNode describe(ArrayNode cases, long seed, int dimension, Shard... shards) {
        ObjectNode vector = cases.addObject().put("seed", seed).put("dimension", dimension);
        ArrayNode list = vector.putArray("shards");
        for (Shard shard : shards) {
            list.addObject()
                    .put("tensor", shard.tensor())
                    .put("offset", shard.offset())
                    .put("elements", shard.elements());
        }
        return vector;
    }

    private static float[] values(Shard shard) {
        float[] values = new float[shard.elements()];
        for (int i = 0; i < values.length; i++) {
            long k = (40_503 * (shard.offset() + i) + 12_345) % 65_536;
            values[i] = (k - 32_768) / 32_768f;
        }
        return values;
    }
}
