package io.sluice.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

    /** Whatever the bits: infinities and NaN too. */
    @Test
    void doublesAreTheFloatsWidened() {
        Random random = new Random(9);
        for (int size = 0; size < 20; size++) {
            byte[] bytes = new byte[2 * size];
            random.nextBytes(bytes);
            double[] values = new double[size];

            BFloat16.decode(bytes, values);

            float[] floats = BFloat16.decode(bytes);
            for (int i = 0; i < size; i++) {
                assertThat(values[i]).isEqualTo((double) floats[i]);
                assertThat(BFloat16.value(bytes, i)).isEqualTo(floats[i]);
            }
        }
    }

    private static float roundTrip(float value) {
        return BFloat16.decode(BFloat16.encode(new float[] {value}))[0];
    }
}
