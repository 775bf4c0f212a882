package io.sluice.core.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.controller.GuardMemory;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private final RunSpec spec = TestingRun.ofPriors(0.5, 0.5).target("t", 1).build();

    @Test
    void theSameToTheLastBitAreKeptOnce() {
        assertThat(kept(Statistics.none(spec), Statistics.none(spec))).hasSize(1);
    }

    /** They go on differently, although every number is the same so far. */
    @Test
    void aClockOfRatesIsNotOneOfTokens() {
        Statistics before = Statistics.none(spec);
        GuardMemory guards = before.guards();
        Statistics rated =
                new Statistics(
                        before.averages(),
                        before.memory(),
                        new GuardMemory(
                                guards.drawn(),
                                guards.losses(),
                                guards.clock(),
                                true,
                                guards.ceilingPrices(),
                                guards.governor()),
                        before.overrides());

        assertThat(kept(before, rated)).hasSize(2);
    }

    private static List<Statistics> kept(Statistics... all) {
        List<Statistics> known = new ArrayList<>();
        for (Statistics statistics : all) {
            statistics.addTo(known);
        }
        return known;
    }
}
