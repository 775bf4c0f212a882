package io.sluice.bridge;

import java.util.ArrayDeque;
import java.util.Arrays;

/** Lends sums of sketches, so that a long run does not allocate them anew. Thread-safe. */
final class SketchPool {

    private final int dimension;
    private final int most;
    private final ArrayDeque<float[]> idle = new ArrayDeque<>();

    /**
     * @param dimension length of the arrays
     * @param most how many idle ones are kept
     */
    SketchPool(int dimension, int most) {
        this.dimension = dimension;
        this.most = most;
    }

    /** Length of the arrays. */
    int dimension() {
        return dimension;
    }

    /** An array of zeros. */
    float[] lend() {
        float[] array;
        synchronized (idle) {
            array = idle.poll();
        }
        if (array == null) {
            return new float[dimension];
        }
        Arrays.fill(array, 0);
        return array;
    }

    /** Takes an array back; the caller must not touch it again. */
    void giveBack(float[] array) {
        synchronized (idle) {
            if (idle.size() < most) {
                idle.push(array);
            }
        }
    }
}
