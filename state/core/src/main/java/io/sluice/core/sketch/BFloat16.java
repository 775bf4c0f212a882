package io.sluice.core.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The wire form of sketches: the upper half of a float, rounded to nearest, ties to even. */
public final class BFloat16 {

    private static final VarHandle HALF =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private BFloat16() {}

    /** Little-endian bytes, two per value. Infinities and NaN stay what they are. */
    public static byte[] encode(float[] values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            int half = round(values[i]);
            bytes[2 * i] = (byte) half;
            bytes[2 * i + 1] = (byte) (half >>> 8);
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
     * What {@link #decode} answers, in double precision.
     *
     * @throws IllegalArgumentException when the number of bytes is odd
     */
    public static double[] decodeDoubles(byte[] bytes) {
        double[] values = new double[length(bytes)];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(bytes, i);
        }
        return values;
    }

    private static int length(byte[] bytes) {
        if ((bytes.length & 1) != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes do not hold 2-byte values");
        }
        return bytes.length / 2;
    }

    private static float value(byte[] bytes, int index) {
        return Float.intBitsToFloat((short) HALF.get(bytes, 2 * index) << 16);
    }

    private static int round(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return bits >>> 16 | 0x40;
        }
        return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
    }
}
