package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.core.domain.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundQueueTest {

    private final SketchPool pool = new SketchPool(TestingRuns.BUCKETS, 8);
    private final RoundQueue queue = new RoundQueue(2);

    @Test
    void aRoundThatFindsItFullGivesUpItsSignalsAndReturnsItsSketches() throws Exception {
        float[] sketch = pool.lend();
        assertThat(queue.add(round(0, pool.lend()), true)).isTrue();
        assertThat(queue.add(round(1, pool.lend()), true)).isTrue();
        assertThat(queue.add(round(2, sketch), true)).isFalse();
        assertThat(pool.lend()).isSameAs(sketch);
        assertThat(queue.take().orElseThrow().lost()).isFalse();
        assertThat(queue.take().orElseThrow().lost()).isFalse();
        RecordedRound last = queue.take().orElseThrow();
        assertThat(last.lost()).isTrue();
        assertThat(last.halves())
                .singleElement()
                .extracting(Half::sketch)
                .isEqualTo(CarriedSketch.NONE);
    }

    @Test
    void ofRoundsWithoutSignalsOnlyTheLastFewAreKept() throws Exception {
        for (int round = 0; round < 5; round++) {
            assertThat(queue.add(round(round, pool.lend()), false)).isFalse();
        }
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.take().orElseThrow().round()).isEqualTo(3);
        assertThat(queue.take().orElseThrow().round()).isEqualTo(4);
    }

    @Test
    void whatItHoldsWhenItIsClosedCanStillBeTaken() throws Exception {
        queue.add(round(0, pool.lend()), true);
        queue.close();
        assertThat(queue.add(round(1, pool.lend()), true)).isFalse();
        assertThat(queue.take()).isPresent();
        assertThat(queue.take()).isPresent();
        assertThat(queue.take()).isEmpty();
    }

    private RecordedRound round(long round, float[] sketch) {
        Half half =
                new Half(
                        Subject.of(TestingRuns.A),
                        0,
                        0,
                        List.of(),
                        1,
                        1,
                        1,
                        1,
                        new CarriedSketch.Sums(sketch, pool));
        return new RecordedRound(
                round,
                4 * round,
                4 * round + 3,
                List.of(half),
                List.of(),
                0.1,
                List.of(),
                1,
                false);
    }
}
