package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.guard.RepetitionGuard;
import io.sluice.ops.bench.quality.QualityCorpus.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunDeclarationTest {

    /** Runs of 100,000 bytes or so. */
    private static final QualitySetting SETTING = new QualitySetting("testing", 50, 10);

    private static final long BYTES = 50 * QualitySetting.bytesPerStep();

    @Test
    void allGroupsHaveTheSamePriorAndTheTargetAllTheWeight() {
        RunSpec spec = declare("dga", group("a", BYTES), group("b", BYTES), group("c", BYTES));

        assertThat(spec.prior().weights()).containsOnly(spec.prior().weight(0));
        assertThat(spec.targets()).singleElement().matches(target -> target.weight() == 1);
    }

    /** The guard of repetition then discounts what is read again, and stops it in time. */
    @Test
    void aGroupsTextIsItsSupplyAndTheRunsLengthIsPlanned() {
        RunSpec spec =
                declare(
                        "dga:max-epochs=8:cap=3",
                        group("large", BYTES),
                        group("tiny", BYTES / 100));

        assertThat(spec.groups().get(0).cap()).isEqualTo(1);
        assertThat(spec.groups().get(1).supply()).hasValue(new Supply(BYTES / 100, 8));
        assertThat(spec.guards().plannedTokens()).isEqualTo(BYTES);
        double[] drawn = {BYTES / 2.0, BYTES / 100 * 4.0};
        assertThat(RepetitionGuard.marginalValues(spec, drawn)[1]).isBetween(.8, .9);
        assertThat(RepetitionGuard.limits(spec, drawn, 0).held()).isEqualTo(1);
    }

    @Test
    void uniformReadsWhatItReads() {
        RunSpec spec = declare("static", group("large", BYTES), group("tiny", BYTES / 100));

        assertThat(spec.groups()).allMatch(group -> group.supply().isEmpty());
    }

    @Test
    void gradientsCostTheRowsOfGroupsAndTargetsAndTheirSketches() {
        RunDeclaration dga =
                new RunDeclaration(
                        PolicyVariant.parse("dga:round-steps=50:group-rows=4:target-rows=32"),
                        SETTING);
        RunDeclaration slope = new RunDeclaration(PolicyVariant.parse("slope-eg"), SETTING);

        assertThat(dga.needsGradients()).isTrue();
        assertThat(dga.compute(10))
                .isEqualTo(
                        1 + (10 * 4 + 32) * (1 + QualitySetting.SKETCH_SHARE) / (50 * 16),
                        within(1e-12));
        assertThat(slope.needsGradients()).isFalse();
        assertThat(slope.compute(10)).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertRefused("dga:target-rows=400", "more compute than uniform");
        assertRefused("aioli", "held-out losses of targets in every round");
        assertRefused("dga:mood=1", "has no option 'mood'");
        assertRefused("dga:floor=2", "floor");
    }

    private static void assertRefused(String policy, String message) {
        RunDeclaration declaration = new RunDeclaration(PolicyVariant.parse(policy), SETTING);
        assertThatThrownBy(() -> declaration.requireComparable(8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static RunSpec declare(String policy, Group... groups) {
        return new RunDeclaration(PolicyVariant.parse(policy), SETTING)
                .of(List.of(groups), QualityCorpus.HELD_OUT, 1);
    }

    private static Group group(String id, long bytes) {
        return new Group(id, false, new byte[(int) bytes]);
    }
}
