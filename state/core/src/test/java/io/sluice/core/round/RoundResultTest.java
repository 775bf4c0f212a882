package io.sluice.core.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundResultTest {

    @Test
    void waitsForEveryShard() {
        assertThat(RoundResult.join(List.of(complete(5, 0)), 5, 2)).isEmpty();
        assertThat(RoundResult.join(List.of(complete(5, 0), complete(6, 1)), 5, 2)).isEmpty();
        assertThat(RoundResult.join(List.of(complete(5, 0), complete(5, 0)), 5, 2)).isEmpty();
    }

    @Test
    void joinsCompleteShardsInTheOrderOfTheirGroups() {
        RoundResult result =
                RoundResult.join(List.of(complete(5, 1), complete(5, 0)), 5, 2).orElseThrow();

        assertThat(result.status()).isEqualTo(Status.COMPLETE);
        assertThat(result.groups()).extracting(GroupRound::index).containsExactly(0, 1);
        assertThat(result.targets()).hasSize(1);
        assertThat(result.counts()).isEqualTo(new Counts(20, 2, 4));
    }

    @Test
    void oneShardThatGaveUpMakesTheRoundIncomplete() {
        RoundResult result =
                RoundResult.join(List.of(complete(5, 0), givenUp(5, 5, 1)), 5, 2).orElseThrow();

        assertThat(result.status()).isEqualTo(Status.INCOMPLETE);
        assertThat(result.targets()).isEmpty();
    }

    @Test
    void aPartialRoundIsOneByTheSameReportersInEveryShard() {
        ShardRound one = complete(5, 0).partial(List.of("r0", "r1"));

        RoundResult same =
                RoundResult.join(List.of(one, complete(5, 1).partial(List.of("r0", "r1"))), 5, 2)
                        .orElseThrow();
        assertThat(same.status()).isEqualTo(Status.PARTIAL);
        assertThat(same.reporters()).containsExactly("r0", "r1");
        assertThat(same.groups()).hasSize(2);
        assertThat(same.targets()).hasSize(1);

        RoundResult differing =
                RoundResult.join(List.of(one, complete(5, 1).partial(List.of("r0"))), 5, 2)
                        .orElseThrow();
        assertThat(differing.status()).isEqualTo(Status.INCOMPLETE);
        assertThat(differing.groups()).isEmpty();
        assertThat(differing.targets()).isEmpty();
    }

    @Test
    void shardsThatGaveUpDifferentStretchesAreJoinedPieceByPiece() {
        List<ShardRound> pending =
                List.of(givenUp(3, 1000, 0), givenUp(3, 7, 1), complete(8, 1), givenUp(9, 1000, 1));

        RoundResult first = RoundResult.join(pending, 3, 2).orElseThrow();
        RoundResult second = RoundResult.join(pending, 8, 2).orElseThrow();
        RoundResult third = RoundResult.join(pending, 9, 2).orElseThrow();

        assertThat(List.of(first, second, third))
                .extracting(RoundResult::firstRound)
                .containsExactly(3L, 8L, 9L);
        assertThat(List.of(first, second, third))
                .extracting(RoundResult::round)
                .containsExactly(7L, 8L, 1000L);
        assertThat(List.of(first, second, third))
                .extracting(RoundResult::throughStep)
                .containsExactly(79L, 89L, 10009L);
        assertThat(List.of(first, second, third))
                .extracting(RoundResult::status)
                .containsOnly(Status.INCOMPLETE);
        assertThat(RoundResult.join(pending, 1001, 2)).isEmpty();
    }

    private static ShardRound complete(long round, int shard) {
        return new ShardRound(
                "run",
                "spec",
                1,
                round,
                round,
                shard,
                10 * round + 9,
                Status.COMPLETE,
                List.of(new GroupRound(shard, 100, 4, 200, 400, Optional.empty())),
                List.of(new TargetRound(0, 100, 4, 200, Optional.empty())),
                List.of(),
                1e-3,
                new Counts(10, 1, 2));
    }

    private static ShardRound givenUp(long first, long last, int shard) {
        return new ShardRound(
                "run",
                "spec",
                1,
                first,
                last,
                shard,
                10 * last + 9,
                Status.INCOMPLETE,
                List.of(),
                List.of(),
                List.of(),
                0,
                Counts.ZERO);
    }
}
