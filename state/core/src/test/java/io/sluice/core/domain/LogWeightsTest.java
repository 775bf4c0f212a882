package io.sluice.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogWeightsTest {

    @Test
    void softmaxNeitherOverflowsNorVanishes() {
        assertThat(LogWeights.softmax(new double[] {1e4, 1e4})).containsExactly(0.5, 0.5);
        assertThat(LogWeights.softmax(new double[] {-1e4, -1e4})).containsExactly(0.5, 0.5);
        assertThat(LogWeights.softmax(new double[] {1e4, -1e4})).containsExactly(1, 0);
    }

    @Test
    void addingAConstantToAllScoresChangesNothing() {
        double[] plain = LogWeights.softmax(new double[] {0.5, -1.25, 2});
        double[] shifted = LogWeights.softmax(new double[] {64.5, 62.75, 66});

        assertThat(shifted).containsExactly(plain);
    }

    @Test
    void theLogarithmOfZeroIsFinite() {
        assertThat(LogWeights.log(0)).isEqualTo(StrictMath.log(1e-300));
        assertThat(LogWeights.log(1)).isZero();
    }

    @Test
    void divergenceOfAMixtureFromItselfIsZero() {
        Mixture mixture =
                Mixture.of(List.of(new GroupId("a"), new GroupId("b")), new double[] {0.25, 0.75});
        Mixture other =
                Mixture.of(List.of(new GroupId("a"), new GroupId("b")), new double[] {0.5, 0.5});

        assertThat(mixture.klFrom(mixture)).isZero();
        assertThat(mixture.klFrom(other))
                .isEqualTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), within(1e-15));
    }
}
