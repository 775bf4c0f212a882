package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesNoiseTest {

    @Test
    void aLineHasNoNoise() {
        SeriesNoise noise = SeriesNoise.EMPTY;
        for (int k = 0; k < 20; k++) {
            noise = noise.with(8 - .25 * k);
        }

        assertThat(noise.deviation()).isEqualTo(0);
    }

    @Test
    void tellsTheNoiseFromTheTrend() {
        double sum = 0;
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SeriesNoise noise = SeriesNoise.EMPTY;
            for (int k = 0; k < 100; k++) {
                noise = noise.with(5 - .02 * k + .1 * random.nextGaussian());
            }
            sum += noise.deviation() * noise.deviation() / 200;
        }

        assertThat(Math.sqrt(sum)).isEqualTo(.1, within(.005));
    }

    @Test
    void twoValuesTellNothing() {
        assertThat(SeriesNoise.EMPTY.with(1).with(2).deviation())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(SeriesNoise.EMPTY.with(1).with(2).with(4).deviation())
                .isEqualTo(Math.sqrt(1 / 6.0), within(1e-15));
    }
}
