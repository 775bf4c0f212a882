package io.sluice.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BFloat16Test {

    /** The largest finite bfloat16. */
    private static final float LARGEST = Float.intBitsToFloat(0x7f7f0000);

    @Test
    void roundsTiesToEven() {
        assertThat(roundTrip(Float.intBitsToFloat(0x3f808000)))
                .isEqualTo(Float.intBitsToFloat(0x3f800000));
        assertThat(roundTrip(Float.intBitsToFloat(0x3f818000)))
                .isEqualTo(Float.intBitsToFloat(0x3f820000));
        assertThat(roundTrip(Float.intBitsToFloat(0xbf808000)))
                .isEqualTo(Float.intBitsToFloat(0xbf800000));
        assertThat(roundTrip(Float.intBitsToFloat(0x3f808001)))
                .isEqualTo(Float.intBitsToFloat(0x3f810000));
    }

    @Test
    void keepsInfinitiesAndNaN() {
        assertThat(roundTrip(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(roundTrip(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(roundTrip(Float.NaN)).isNaN();
        assertThat(roundTrip(Float.intBitsToFloat(0x7f800001))).isNaN();
        assertThat(roundTrip(Float.intBitsToFloat(0xffffffff))).isNaN();
        assertThat(roundTrip(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Float.floatToRawIntBits(roundTrip(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
    }

    @Test
    void isLittleEndian() {
        assertThat(BFloat16.encode(new float[] {1})).containsExactly(0x80, 0x3f);
    }

    @Test
    void errsByAtMostHalfOfTheLastPlace() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Math.abs(value) <= LARGEST) {
                assertThat(Math.abs(roundTrip(value) - value))
                        .isLessThanOrEqualTo(Math.max(Math.abs(value) / 256, 0x1p-134f));
            }
        }
    }

    @Test
    void refusesHalfAValue() {
        assertThatIllegalArgumentException().isThrownBy(() -> BFloat16.decode(new byte[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BFloat16.decode(new byte[3], new double[1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BFloat16.decode(new byte[4], new double[1]));
    }

    /** Of every pattern of bits, infinities and NaN among them, and of every length. */
    @Test
    void doublesAreTheFloatsWidened() {
        byte[] all = new byte[BFloat16.BYTES << 16];
        for (int bits = 0; bits < 1 << 16; bits++) {
            all[2 * bits] = (byte) bits;
            all[2 * bits + 1] = (byte) (bits >>> 8);
        }
        for (int size : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 1 << 16}) {
            byte[] bytes = Arrays.copyOfRange(all, all.length - BFloat16.BYTES * size, all.length);
            double[] values = new double[size];

            BFloat16.decode(bytes, values);

            float[] floats = BFloat16.decode(bytes);
            for (int i = 0; i < size; i++) {
                assertThat(Double.compare(values[i], floats[i])).isZero();
                assertThat(Float.compare(BFloat16.value(bytes, i), floats[i])).isZero();
            }
        }
    }

    private static float roundTrip(float value) {
        return BFloat16.decode(BFloat16.encode(new float[] {value}))[0];
    }
}
