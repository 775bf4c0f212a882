package io.sluice.bridge;

import io.sluice.core.sketch.BFloat16;

/** A half's sketch on its way to the log: taken once, or given up once. */
sealed interface CarriedSketch {

    /** Where no gradient was taken. */
    CarriedSketch NONE = new Encoded(new byte[0]);

    /** Its bfloat16 bytes; none where no gradient was taken. */
    byte[] take();

    /** Lets go of its memory. */
    void giveUp();

    /** Memory that it holds beyond what was lent to it. */
    int bytes();

    /**
     * Sums in single precision.
     *
     * @param pool who lent the array, and gets it back
     */
    record Sums(float[] values, SketchPool pool) implements CarriedSketch {

        @Override
        public byte[] take() {
            byte[] bytes = BFloat16.encode(values);
            pool.giveBack(values);
            return bytes;
        }

        @Override
        public void giveUp() {
            pool.giveBack(values);
        }

        @Override
        public int bytes() {
            return 0;
        }
    }

    /** The bytes as another process encoded them. */
    record Encoded(byte[] bfloats) implements CarriedSketch {

        @Override
        public byte[] take() {
            return bfloats;
        }

        @Override
        public void giveUp() {
            // Nothing was lent.
        }

        @Override
        public int bytes() {
            return bfloats.length;
        }
    }
}
