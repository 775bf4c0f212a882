package io.sluice.core.vectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.sketch.BFloat16;
import io.sluice.core.sketch.Hashes;

/** {@link BFloat16}: bits of single-precision numbers, and of what they are rounded to. */
final class BFloat16Vectors {

    private static final int[] EDGES = {
        0x00000000,
        0x80000000,
        0x3f800000,
        0xbf800000, // zeros, ones
        0x3f808000,
        0x3f818000,
        0x3f807fff,
        0x3f808001, // ties, and just beside one
        0x7f7fffff,
        0xff7fffff,
        0x7f7f7fff,
        0x7f7f8000, // the largest, and what overflows
        0x7f800000,
        0xff800000,
        0x7fc00000,
        0x7f800001,
        0xff800001, // infinities, NaN
        0x00000001,
        0x00007fff,
        0x00008000,
        0x00018000,
        0x007fffff // subnormal ones
    };

    private BFloat16Vectors() {}

    static void fill(ObjectNode file) {
        file.put("doc", "Rounded to nearest, ties to even; a NaN stays one.");
        ArrayNode pairs = file.putArray("pairs");
        for (int bits : EDGES) {
            add(pairs, bits);
        }
        for (int i = 0; i < 40; i++) {
            add(pairs, (int) Hashes.mix64(1, 2, i));
        }
    }

    private static void add(ArrayNode pairs, int bits) {
        byte[] half = BFloat16.encode(new float[] {Float.intBitsToFloat(bits)});
        pairs.addObject()
                .put("float32", String.format("%08x", bits))
                .put("bfloat16", String.format("%02x%02x", half[1], half[0]));
    }
}
