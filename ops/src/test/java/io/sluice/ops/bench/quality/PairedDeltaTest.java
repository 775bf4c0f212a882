package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDeltaTest {

    @Test
    void comparesEachLossWithTheOneOfItsOwnSeed() {
        PairedDelta delta = PairedDelta.of(new double[] {1.98, 0.97}, new double[] {2, 1});

        assertThat(delta.mean()).isEqualTo(-0.02, within(1e-12));
        // Changes of -1 % and -3 %: their standard error is 1 %, and t of one degree of freedom is
        // 12.7062.
        assertThat(delta.low()).isEqualTo(-0.02 - 0.127062, within(1e-9));
        assertThat(delta.high()).isEqualTo(-0.02 + 0.127062, within(1e-9));
        assertThat(delta.seeds()).isEqualTo(2);
    }

    @Test
    void fiveSeedsUseTheQuantileOfFourDegreesOfFreedom() {
        double[] references = {1, 1, 1, 1, 1};
        double[] losses = {1.00, 1.01, 1.02, 1.03, 1.04};

        PairedDelta delta = PairedDelta.of(losses, references);

        double standardError = Math.sqrt(0.00025 / 5);
        assertThat(delta.high() - delta.mean()).isEqualTo(2.7764 * standardError, within(1e-9));
    }

    @Test
    void oneSeedHasNoInterval() {
        PairedDelta delta = PairedDelta.of(new double[] {1.1}, new double[] {1});

        assertThat(delta.mean()).isEqualTo(0.1, within(1e-12));
        assertThat(delta.low()).isNull();
        assertThat(delta.high()).isNull();
    }

    @Test
    void refusesWhatIsNotPaired() {
        assertThatThrownBy(() -> PairedDelta.of(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairedDelta.of(new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
