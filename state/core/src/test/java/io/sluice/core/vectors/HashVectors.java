package io.sluice.core.vectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.sketch.Hashes;

/** {@link Hashes} of texts, also outside ASCII, and of seeds and indices at the ends of a word. */
final class HashVectors {

    private static final String[] TEXTS = {
        "",
        "a",
        "run",
        "model.layers.0.mlp.up_proj.weight",
        "web/en-US",
        "Z.9_x+y-z",
        "größe",
        "重み",
        "🌊"
    };

    private static final long[] SEEDS = {0, 1, 42, -1, Long.MIN_VALUE, Long.MAX_VALUE};
    private static final long[] INDICES = {0, 1, 2, 8190, 1L << 32, Long.MAX_VALUE, -1};

    private HashVectors() {}

    static void fill(ObjectNode file) {
        file.put(
                "doc",
                "fnv1a: FNV-1a-64 of UTF-8. mix64: fin(fin(seed xor h) + (i + 1) * golden).");
        ArrayNode hashes = file.putArray("fnv1a");
        for (String text : TEXTS) {
            hashes.addObject().put("text", text).put("hash", hex(Hashes.hash(text)));
        }
        ArrayNode words = file.putArray("mix64");
        for (long seed : SEEDS) {
            for (long i : INDICES) {
                long h = Hashes.hash("w" + i);
                words.addObject()
                        .put("seed", seed)
                        .put("h", hex(h))
                        .put("i", hex(i))
                        .put("word", hex(Hashes.mix64(seed, h, i)));
            }
        }
    }

    static String hex(long word) {
        return String.format("%016x", word);
    }
}
