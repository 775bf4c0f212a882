package io.sluice.ops.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void keepsEveryPointWhileThereIsRoom() {
        assertThat(steps(filled(8, 8))).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void keepsTheFirstAndTheLastPointWhateverTheLength() {
        Series<Long> series = new Series<>(8);
        for (long step = 0; step < 1_000; step++) {
            series.add(step, step);
            assertThat(series.points()).hasSizeLessThanOrEqualTo(8);
            assertThat(steps(series)).startsWith(0L).endsWith(step);
        }
    }

    @Test
    void thinsEvenlyOverTheWholeRun() {
        List<Long> steps = steps(filled(8, 1_000));
        long stride = steps.get(1);
        for (int i = 1; i < steps.size() - 1; i++) {
            assertThat(steps.get(i)).isEqualTo(i * stride);
        }
        assertThat(steps).hasSizeGreaterThan(4);
    }

    @Test
    void takesBackWhatFollowedTheStepThatItReturnsTo() {
        Series<Long> series = filled(8, 6);
        series.add(3, 33L);
        assertThat(steps(series)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(series.points().get(3).value()).isEqualTo(33L);
    }

    @Test
    void staysBoundedAfterItTookBackPointsOfAThinnedRun() {
        Series<Long> series = filled(8, 500);
        series.add(100, 100L);
        for (long step = 101; step < 900; step++) {
            series.add(step, step);
            assertThat(series.points()).hasSizeLessThanOrEqualTo(8);
        }
        assertThat(steps(series)).startsWith(0L).endsWith(899L).isSorted();
    }

    @Test
    void startsAnewWhenItReturnsToItsFirstStep() {
        Series<Long> series = filled(8, 500);
        series.add(0, 7L);
        series.add(1, 8L);
        assertThat(steps(series)).containsExactly(0L, 1L);
    }

    @Test
    void refusesACapacityThatCannotHoldBothEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Series<>(2))
                .withMessageContaining("capacity is 2");
    }

    private static Series<Long> filled(int capacity, long points) {
        Series<Long> series = new Series<>(capacity);
        for (long step = 0; step < points; step++) {
            series.add(step, step);
        }
        return series;
    }

    private static List<Long> steps(Series<Long> series) {
        return series.points().stream().map(Series.Point::step).toList();
    }
}
