package io.sluice.core.controller;

import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds complete rounds of ten steps and one shard. What is not set was not reported. */
final class TestingRound {

    private static final long TOKENS = 1000;
    private static final SquaredNorm UNIT = new SquaredNorm(1, 1);

    private final long round;
    private int groupSequences = 100;
    private int targetSequences = 100;
    private final List<GroupRound> groups = new ArrayList<>();
    private final List<TargetRound> targets = new ArrayList<>();
    private final List<RoundClosed.Evaluation> evaluations = new ArrayList<>();

    private TestingRound(long round) {
        this.round = round;
    }

    static TestingRound of(long round) {
        return new TestingRound(round);
    }

    /** How many sequences the groups and targets have that are set from here on. */
    TestingRound sequences(int ofGroups, int ofTargets) {
        groupSequences = ofGroups;
        targetSequences = ofTargets;
        return this;
    }

    /** A group with its mean loss, and its cosines with the targets where there are any. */
    TestingRound group(int index, double loss, double... cosines) {
        Optional<GroupGradient> gradient =
                cosines.length == 0
                        ? Optional.empty()
                        : Optional.of(new GroupGradient(UNIT, cosines, new double[cosines.length]));
        groups.add(new GroupRound(index, TOKENS, groupSequences, TOKENS * loss, 0, gradient));
        return this;
    }

    /** A target's signal, with a gradient. */
    TestingRound target(int index, double loss) {
        targets.add(
                new TargetRound(index, TOKENS, targetSequences, TOKENS * loss, Optional.of(UNIT)));
        return this;
    }

    /** A target's held-out loss at the end of the round. */
    TestingRound evaluated(int index, double loss) {
        evaluations.add(new RoundClosed.Evaluation(index, loss, TOKENS));
        return this;
    }

    ShardRound build() {
        return new ShardRound(
                "run",
                "spec",
                1,
                round,
                round,
                0,
                10 * round + 9,
                ShardRound.Status.COMPLETE,
                groups,
                targets,
                evaluations,
                1e-3,
                ShardRound.Counts.ZERO);
    }
}
