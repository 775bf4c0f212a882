package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightAverageTest {

    @Test
    void letsGoOfTheInitialWeightsAndThenDecays() {
        WeightAverage average = new WeightAverage(0.5, new float[] {10});

        average.add(new float[] {1});
        // b = 2 / 11 for the first weights.
        assertThat(average.values()[0]).isEqualTo(10 * 2f / 11 + 9f / 11, within(1e-5f));

        for (int i = 0; i < 200; i++) {
            average.add(new float[] {3});
        }
        average.add(new float[] {5});
        // b = 0.5 from the eighth on.
        assertThat(average.values()[0]).isEqualTo(4, within(1e-5f));
    }

    @Test
    void doesNotTouchWhatItIsGiven() {
        float[] initial = {1, 2};
        WeightAverage average = new WeightAverage(0.9, initial);

        average.add(new float[] {3, 4});

        assertThat(initial).containsExactly(1, 2);
    }
}
