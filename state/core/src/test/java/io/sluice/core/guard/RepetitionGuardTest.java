package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.testing.TestingRun;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RepetitionGuardTest {

    private static final double PRINTED = 5e-4;

    /** The table of an independent calculation from the published constants. */
    @Test
    void repeatedTokensAreWorthWhatTheLawSays() {
        double[] epochs = {1, 2, 4, 8, 16, 40};
        double[] effective = {1, 1.9682, 3.7257, 6.6241, 10.5825, 15.1675};
        double[] shares = {1, .984, .931, .828, .661, .379};
        double[] marginal = {1, .937, .823, .635, .377, .079};
        for (int k = 0; k < epochs.length; k++) {
            double share = RepetitionGuard.effectiveShare(epochs[k]);
            assertThat(share).isEqualTo(shares[k], within(PRINTED));
            assertThat(share * epochs[k]).isEqualTo(effective[k], within(PRINTED / 10));
            assertThat(RepetitionGuard.marginalValue(epochs[k]))
                    .isEqualTo(marginal[k], within(PRINTED));
        }
    }

    /** The marginal value is the slope of the effective tokens. */
    @Property
    void theMarginalValueIsTheSlopeOfWhatTokensAreWorthTogether(
            @ForAll @IntRange(min = 1, max = 800) int tenths) {
        double epochs = 1 + tenths / 10.0;
        double h = 1e-5;
        double slope =
                ((epochs + h) * RepetitionGuard.effectiveShare(epochs + h)
                                - (epochs - h) * RepetitionGuard.effectiveShare(epochs - h))
                        / (2 * h);

        assertThat(RepetitionGuard.marginalValue(epochs)).isEqualTo(slope, within(1e-6));
    }

    @Test
    void freshTokensAndEndlessGroupsAreWorthAllOfTheirs() {
        RunSpec spec = run(0, small(100, 4), endless());

        assertThat(RepetitionGuard.marginalValues(spec, new double[] {99, 1e12}))
                .containsExactly(1, 1);
        assertThat(RepetitionGuard.marginalValues(spec, new double[] {400, 1e12}))
                .containsExactly(
                        new double[] {Math.exp(-3 / RepetitionGuard.DECAY), 1}, within(1e-15));
    }

    @Test
    void whatIsLeftIsSpreadOverThePlannedTokens() {
        RunSpec spec = run(1_000, small(100, 4), endless());

        RepetitionGuard.Limits limits = RepetitionGuard.limits(spec, new double[] {300, 200}, 10);

        // 100 of 400 tokens are left, and 500 of 1,000 are to come.
        assertThat(limits.box().contains(new double[] {.2, .8})).isTrue();
        assertThat(limits.box().contains(new double[] {.201, .799})).isFalse();
        assertThat(limits.held()).isEqualTo(1);
        assertThat(limits.relaxation()).isEqualTo(1);
    }

    @Test
    void withoutAPlanAsManyTokensAreExpectedAsWereDrawn() {
        RunSpec spec = run(0, small(100, 4), endless());

        RepetitionGuard.Limits limits = RepetitionGuard.limits(spec, new double[] {360, 40}, 10);

        assertThat(limits.box().contains(new double[] {.1, .9})).isTrue();
        assertThat(limits.box().contains(new double[] {.101, .899})).isFalse();
    }

    @Test
    void aFloorGivesWayToAnEmptySupply() {
        RunSpec spec = run(0, small(100, 4), endless());

        RepetitionGuard.Limits limits = RepetitionGuard.limits(spec, new double[] {400, 100}, 10);

        assertThat(limits.box().project(new double[] {.5, .5})).containsExactly(0, 1);
    }

    @Test
    void whereNoMixtureIsLeftAllMayRepeatEquallyMoreOften() {
        RunSpec spec = run(0, small(100, 4), small(300, 4));

        RepetitionGuard.Limits limits = RepetitionGuard.limits(spec, new double[] {400, 1_200}, 10);

        // 1,600 more tokens from 400 distinct ones: eight epochs of each.
        assertThat(limits.relaxation()).isEqualTo(2, within(1e-9));
        assertThat(limits.box().project(new double[] {.5, .5}))
                .containsExactly(new double[] {.25, .75}, within(1e-8));
    }

    @Test
    void aFixedGroupMayRepeatAndTheOthersKeepToTheirSupplies() {
        RunSpec spec =
                run(
                        0,
                        group(0, 3, small(100, 4)),
                        group(1, 3, small(100, 4)),
                        group(2, 3, endless()));
        MixtureBox box = new MixtureBox(new double[] {.5, 0, 0}, new double[] {.5, 1, 1});

        RepetitionGuard.Limits limits =
                RepetitionGuard.limits(
                        spec,
                        box,
                        group -> group.equals(spec.groups().get(0).id()),
                        new double[] {400, 400, 200},
                        10);

        assertThat(limits.box().project(new double[] {.2, .4, .4})).containsExactly(.5, 0, .5);
        assertThat(limits.held()).isEqualTo(1);
    }

    /** Drawn by its caps to the end of the plan, no group passes its epochs. */
    @Property
    void noGroupIsDrawnMoreOftenThanItMayBe(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 8) int m) {
        Random random = new Random(seed);
        GroupSpec[] groups = new GroupSpec[m];
        groups[0] = group(0, m, Optional.empty());
        for (int j = 1; j < m; j++) {
            Supply supply = new Supply(1 + random.nextInt(300), 1 + 7 * random.nextDouble());
            groups[j] = group(j, m, Optional.of(supply));
        }
        RunSpec spec = run(10_000, groups);
        double[] drawn = new double[m];
        double[] wish = new double[m];
        for (int round = 0; round < 100; round++) {
            for (int j = 0; j < m; j++) {
                wish[j] = random.nextDouble();
            }
            double[] weights = RepetitionGuard.limits(spec, drawn, 100).box().project(wish);
            for (int j = 0; j < m; j++) {
                drawn[j] += 100 * weights[j];
            }
        }
        for (int j = 1; j < m; j++) {
            Supply supply = groups[j].supply().orElseThrow();
            assertThat(drawn[j] / supply.uniqueTokens())
                    .isLessThanOrEqualTo(supply.maxEpochs() * (1 + 1e-9));
        }
    }

    private static Optional<Supply> small(long tokens, double epochs) {
        return Optional.of(new Supply(tokens, epochs));
    }

    private static Optional<Supply> endless() {
        return Optional.empty();
    }

    private static RunSpec run(long planned, Optional<Supply> first, Optional<Supply> second) {
        return run(planned, group(0, 2, first), group(1, 2, second));
    }

    private static GroupSpec group(int j, int m, Optional<Supply> supply) {
        return new GroupSpec(new GroupId(TestingRun.id(j)), 1.0 / m, .1 / m, 1, supply);
    }

    private static RunSpec run(long planned, GroupSpec... groups) {
        TestingRun run = TestingRun.run();
        for (GroupSpec group : groups) {
            run.group(group);
        }
        return run.guards(new GuardSpec(.1, .1, .3, 8, 16, 0, 1, 10, planned)).build();
    }
}
