package io.sluice.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.pool.Stretch.Window;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RepeatOrderTest {

    private final RepeatOrder order = new RepeatOrder(3, "code");

    @Test
    void documentsAreTakenAsOftenAsTheirWeightsSay() {
        double[] weights =
                IntStream.range(0, 100).mapToDouble(i -> i % 2 == 0 ? 0.5 : 1.5).toArray();
        for (int pass = 1; pass <= 8; pass++) {
            int[] taken = taken(weights, new Window(0, 100), pass, 1);
            for (int i = 0; i < 100; i++) {
                assertThat(taken[i]).as("document %s", i).isBetween(i % 2, i % 2 + 1);
            }
        }
        int[] taken = taken(weights, new Window(0, 100), 1, 200);
        assertThat(taken[10]).isCloseTo(100, within(30));
        assertThat(taken[11]).isCloseTo(300, within(30));
    }

    @Test
    void equalWeightsTakeEveryDocumentOnceAPass() {
        double[] weights = new double[37];
        Arrays.fill(weights, 0.7);
        int[] taken = taken(weights, new Window(5, 37), 2, 1);
        assertThat(IntStream.range(0, 5).map(i -> taken[i])).containsOnly(0);
        assertThat(IntStream.range(5, 37).map(i -> taken[i])).containsOnly(1);
    }

    @Test
    void weightsThatSumToNothingAreLeftOut() {
        assertThat(taken(new double[10], new Window(0, 10), 1, 1)).containsOnly(1);
    }

    @Test
    void passesAndGroupsHaveOrdersOfTheirOwn() {
        Window window = new Window(0, 20);
        assertThat(pass(order, window, 1)).isNotEqualTo(pass(order, window, 2));
        assertThat(pass(order, window, 1)).isNotEqualTo(pass(new RepeatOrder(3, "web"), window, 1));
        assertThat(pass(order, window, 1)).isEqualTo(pass(new RepeatOrder(3, "code"), window, 1));
    }

    @Test
    void permutationsHoldEveryValueOnce() {
        for (int size : new int[] {1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1_000}) {
            Permutation permutation = new Permutation(size, 99);
            assertThat(LongStream.range(0, size).map(permutation::at).distinct().count())
                    .isEqualTo(size);
        }
        assertThatThrownBy(() -> new Permutation(0, 1)).hasMessageContaining("0 values");
    }

    private int[] taken(double[] weights, Window window, long firstPass, int passes) {
        double[] sums = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            sums[i] = sum;
        }
        int[] taken = new int[weights.length];
        for (int pass = 0; pass < passes; pass++) {
            for (long place = 0; place < window.size(); place++) {
                taken[(int) order.at(window, firstPass + pass, place, i -> sums[(int) i])]++;
            }
        }
        return taken;
    }

    private static long[] pass(RepeatOrder order, Window window, long pass) {
        return LongStream.range(0, window.size())
                .map(place -> order.at(window, pass, place, i -> i + 1.0))
                .toArray();
    }
}
