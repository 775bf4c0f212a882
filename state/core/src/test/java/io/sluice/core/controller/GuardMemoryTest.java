package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Governor;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import io.sluice.core.testing.TestingRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardMemoryTest {

    private static final long TOKENS = 1_000;

    private final RunSpec spec = TestingRun.ofPriors(1).target("t", 1).build();
    private GuardMemory memory = GuardMemory.empty(spec);
    private long round;

    @Test
    void theClockIsTokensTimesLearningRate() {
        rounds(2, 1e-3);
        rounds(1, 5e-4);

        assertThat(memory.clock()).isEqualTo(2.5, within(1e-12));
        assertThat(memory.governor().priorRounds()).isEqualTo(3);
    }

    /** It would count a thousand times as much as its neighbours. */
    @Test
    void aRoundAtARateOfZeroLeavesTheClock() {
        rounds(9, 1e-3);
        GuardMemory before = memory;

        rounds(1, 0);

        assertThat(memory.clock()).isEqualTo(before.clock());
        assertThat(memory.governor()).isEqualTo(before.governor());
        assertThat(memory.drawn()[0]).isEqualTo(10 * TOKENS);
        rounds(1, 1e-3);
        assertThat(memory.clock()).isEqualTo(10, within(1e-12));
        assertThat(memory.governor().priorRounds()).isEqualTo(10);
    }

    @Test
    void withoutAnyRateTheClockCountsTokens() {
        rounds(9, 0);

        assertThat(memory.clock()).isEqualTo(9 * TOKENS);
        assertThat(memory.governor().priorRounds()).isEqualTo(9);
    }

    /** What the governor learnt by tokens alone lies at other times than what follows. */
    @Test
    void theFirstRateBeginsAnotherClock() {
        rounds(9, 0);
        rounds(2, 1e-3);

        assertThat(memory.clock()).isEqualTo(2, within(1e-12));
        assertThat(memory.governor().priorRounds()).isEqualTo(2);
        assertThat(memory.drawn()[0]).isEqualTo(11 * TOKENS);
    }

    /** At a rate of one the clock says what it would say without rates. */
    @Test
    void aRateOfOneIsARate() {
        rounds(9, 1);
        assertThat(memory.governor().priorRounds()).isEqualTo(9);

        rounds(2, 0.5);

        assertThat(memory.clock()).isEqualTo(10 * TOKENS);
        assertThat(memory.governor().priorRounds()).isEqualTo(11);
    }

    private void rounds(int count, double learningRate) {
        for (int i = 0; i < count; i++) {
            double loss = 2 + 1.0 / (1 + round);
            memory =
                    memory.with(
                            new RoundResult(
                                    1,
                                    round,
                                    round,
                                    spec.rounds().lastStep(round),
                                    ShardRound.Status.COMPLETE,
                                    List.of(),
                                    List.of(
                                            new ShardRound.GroupRound(
                                                    0,
                                                    TOKENS,
                                                    10,
                                                    loss * TOKENS,
                                                    0,
                                                    Optional.empty())),
                                    List.of(
                                            new ShardRound.TargetRound(
                                                    0,
                                                    TOKENS,
                                                    10,
                                                    loss * TOKENS,
                                                    Optional.empty())),
                                    List.of(),
                                    learningRate,
                                    ShardRound.Counts.ZERO),
                            spec,
                            Governor.InForce.PRIOR);
            round++;
        }
    }
}
