package io.sluice.state.flink.layout;

import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Influence;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class ShardRoundLayoutTest extends LayoutContract<ShardRound> {

    private static final SquaredNorm NORM = new SquaredNorm(0.5, 0.25);
    private static final List<String> REPORTERS = List.of("rank-0", "rank-8");

    @Override
    Layout<ShardRound> layout() {
        return ShardRoundLayout.INSTANCE;
    }

    @Override
    ShardRound realistic() {
        return complete(
                        new GroupGradient(
                                NORM,
                                alignment(),
                                variance(),
                                Optional.of(new Influence(new double[] {0.25, 0}, variance())),
                                Optional.of(new double[] {-0.5, 0.375})))
                .partial(REPORTERS);
    }

    @Override
    ShardRound stored(int version) {
        return switch (version) {
            case 1 -> complete();
            case 2 -> complete().partial(REPORTERS);
            default -> realistic();
        };
    }

    static ShardRound complete() {
        return complete(new GroupGradient(NORM, alignment(), variance()));
    }

    private static ShardRound complete(GroupGradient gradient) {
        return new ShardRound(
                TestingState.RUN,
                TestingState.SPEC_DIGEST,
                17,
                40,
                41,
                1,
                8_399,
                Status.COMPLETE,
                List.of(
                        new GroupRound(
                                0, 122_880, 60, 301_234.5, 812_345.75, Optional.of(gradient)),
                        new GroupRound(2, 4_096, 2, 9_876.5, 30_000.25, Optional.empty())),
                List.of(
                        new TargetRound(
                                0, 8_192, 4, 20_480.5, Optional.of(new SquaredNorm(0.75, 0.5))),
                        new TargetRound(1, 2_048, 1, 6_144.5, Optional.empty())),
                List.of(new Evaluation(1, 3.25, 8_192)),
                3e-4,
                new Counts(1_234, 5, 6));
    }

    private static double[] alignment() {
        return new double[] {0.125, -0.0625};
    }

    private static double[] variance() {
        return new double[] {0.001, Double.POSITIVE_INFINITY};
    }

    @Override
    List<ShardRound> extremes() {
        List<GroupRound> most =
                IntStream.range(0, TestingState.MOST)
                        .mapToObj(ShardRoundLayoutTest::extremeGroup)
                        .toList();
        return List.of(
                round(Status.INCOMPLETE, List.of()),
                round(Status.COMPLETE, most),
                round(Status.COMPLETE, List.of(extremeGroup(Integer.MAX_VALUE))));
    }

    private static GroupRound extremeGroup(int index) {
        GroupGradient gradient =
                new GroupGradient(
                        new SquaredNorm(Double.MAX_VALUE, -Double.MIN_VALUE),
                        index % 2 == 0 ? new double[0] : new double[] {-0.0},
                        index % 2 == 0 ? new double[0] : new double[] {Double.POSITIVE_INFINITY});
        return new GroupRound(index, Long.MAX_VALUE, 0, Double.NaN, -0.0, Optional.of(gradient));
    }

    private static ShardRound round(Status status, List<GroupRound> groups) {
        return new ShardRound(
                "",
                "",
                Long.MIN_VALUE,
                0,
                Long.MAX_VALUE,
                1023,
                Long.MAX_VALUE,
                status,
                groups,
                List.of(),
                List.of(),
                Double.NEGATIVE_INFINITY,
                new Counts(Long.MAX_VALUE, Long.MIN_VALUE, 0));
    }
}
