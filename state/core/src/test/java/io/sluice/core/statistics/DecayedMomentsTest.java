package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DecayedMomentsTest {

    @Property
    void partsMergeToTheWholeInAnyOrder(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 50) int count) {
        Random random = new Random(seed);
        DecayedMoments whole = DecayedMoments.EMPTY;
        DecayedMoments[] parts = {DecayedMoments.EMPTY, DecayedMoments.EMPTY, DecayedMoments.EMPTY};
        for (int k = 0; k < count; k++) {
            double value = 100 + random.nextGaussian();
            double weight = random.nextDouble() + .01;
            int part = random.nextInt(3);
            whole = whole.decayed(.9).with(value, weight);
            for (int p = 0; p < 3; p++) {
                parts[p] = parts[p].decayed(.9);
            }
            parts[part] = parts[part].with(value, weight);
        }

        assertSame(whole, parts[0].merge(parts[1]).merge(parts[2]));
        assertSame(whole, parts[2].merge(parts[0].merge(parts[1])));
    }

    @Test
    void withoutDecayTheyAreMeanAndVariance() {
        DecayedMoments moments = DecayedMoments.EMPTY.with(1, 1).with(2, 1).with(6, 2);

        assertThat(moments.weight()).isEqualTo(4);
        assertThat(moments.mean()).isEqualTo(3.75, within(1e-15));
        assertThat(moments.variance())
                .isEqualTo((2.75 * 2.75 + 1.75 * 1.75 + 2 * 2.25 * 2.25) / 4, within(1e-14));
    }

    @Test
    void nothingSeenHasNoVariance() {
        assertThat(DecayedMoments.EMPTY.variance()).isEqualTo(0);
        assertThat(DecayedMoments.EMPTY.merge(DecayedMoments.EMPTY))
                .isEqualTo(DecayedMoments.EMPTY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecayedMoments(-1, 0, 0))
                .withMessageContaining("weight -1.0");
    }

    private static void assertSame(DecayedMoments expected, DecayedMoments actual) {
        assertThat(actual.weight()).isEqualTo(expected.weight(), within(1e-12));
        assertThat(actual.mean()).isEqualTo(expected.mean(), within(1e-10));
        assertThat(actual.variance()).isEqualTo(expected.variance(), within(1e-9));
    }
}
