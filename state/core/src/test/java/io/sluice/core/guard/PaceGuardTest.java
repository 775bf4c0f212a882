package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.core.domain.GuardSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceGuardTest {

    private static final GuardSpec GUARDS = guards(.01, 3);

    @Test
    void changesBelowTheDeadBandWait() {
        assertThat(reason(.0099, 10, 1)).contains(Hold.Reason.DEAD_BAND);
        assertThat(reason(.01, 10, 1)).isEmpty();
    }

    @Test
    void plansAreAtLeastTheCoolDownApart() {
        assertThat(reason(.1, 2, 1)).contains(Hold.Reason.COOL_DOWN);
        assertThat(reason(.1, 3, 1)).contains(Hold.Reason.COOL_DOWN);
        assertThat(reason(.1, 4, 1)).isEmpty();
    }

    @Test
    void thePriorThatARunBeginsWithIsNoPlanToWaitFor() {
        assertThat(reason(.1, 0, -1)).isEmpty();
    }

    @Test
    void byDefaultNothingWaits() {
        assertThat(PaceGuard.hold(GuardSpec.DEFAULT, 1e-12, 2, 1)).isEmpty();
    }

    @Test
    void refusesWhatWouldNeverPublish() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guards(.11, 1))
                .withMessageContaining("dead band 0.11 is not in [0, largest change = 0.1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guards(Double.NaN, 1))
                .withMessageContaining("dead band NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guards(0, 0))
                .withMessageContaining("cool-down of 0 rounds");
    }

    private static Optional<Hold.Reason> reason(double kl, long round, long lastChange) {
        return PaceGuard.hold(GUARDS, kl, round, lastChange).map(Hold::reason);
    }

    private static GuardSpec guards(double deadBand, int coolDown) {
        return new GuardSpec(.1, .1, .3, 8, 16, deadBand, coolDown, 10, 0);
    }
}
