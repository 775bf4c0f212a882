package io.sluice.core.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The wire form of sketches: the upper half of a float, rounded to nearest, ties to even. */
public final class BFloat16 {

    /** Bytes of a value. */
    public static final int BYTES = 2;

    /** The second of two values in an int. */
    private static final int UPPER = 0xffff0000;

    private static final VarHandle HALF =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BFloat16() {}

    /** Little-endian bytes, two per value. Infinities and NaN stay what they are. */
    public static byte[] encode(float[] values) {
        byte[] bytes = new byte[BYTES * values.length];
        for (int i = 0; i < values.length; i++) {
            int half = round(values[i]);
            bytes[BYTES * i] = (byte) half;
            bytes[BYTES * i + 1] = (byte) (half >>> 8);
        }
        return bytes;
    }

    /**
     * The inverse of {@link #encode}.
     *
     * @throws IllegalArgumentException when the number of bytes is odd
     */
    public static float[] decode(byte[] bytes) {
        float[] values = new float[length(bytes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(bytes, i);
        }
        return values;
    }

    /**
     * The same in double precision, into an array of the right length: four values at a time.
     *
     * @throws IllegalArgumentException when the array has another length
     */
    public static void decode(byte[] bytes, double[] values) {
        if (length(bytes) != values.length) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes do not hold " + values.length + " values");
        }
        int whole = values.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            long four = (long) FOUR.get(bytes, BYTES * i);
            int low = (int) four;
            int high = (int) (four >>> 32);
            values[i] = Float.intBitsToFloat(low << 16);
            values[i + 1] = Float.intBitsToFloat(low & UPPER);
            values[i + 2] = Float.intBitsToFloat(high << 16);
            values[i + 3] = Float.intBitsToFloat(high & UPPER);
        }
        for (int i = whole; i < values.length; i++) {
            values[i] = value(bytes, i);
        }
    }

    /** One of the values. */
    public static float value(byte[] bytes, int index) {
        return Float.intBitsToFloat((short) HALF.get(bytes, BYTES * index) << 16);
    }

    private static int length(byte[] bytes) {
        if (bytes.length % BYTES != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes do not hold 2-byte values");
        }
        return bytes.length / BYTES;
    }

    private static int round(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return bits >>> 16 | 0x40;
        }
        return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
    }
}
