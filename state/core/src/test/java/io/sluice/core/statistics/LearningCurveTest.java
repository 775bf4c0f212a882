package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LearningCurveTest {

    @Property(tries = 200)
    void findsTheLawThatMadeTheCurve(
            @ForAll @DoubleRange(min = 0, max = 5) double floor,
            @ForAll @DoubleRange(min = 0.5, max = 50) double drop,
            @ForAll @DoubleRange(min = 0.1, max = 1) double alpha) {
        LearningCurve curve = LearningCurve.EMPTY;
        for (int k = 0; k < 60; k++) {
            double n = 1000 * k + 500;
            curve = curve.with(1000 * k, 1000, floor + drop * Math.pow(n, -alpha));
        }

        PowerLaw law = curve.fit().orElseThrow();

        double slope = alpha * drop * Math.pow(60_000, -alpha - 1);
        assertThat(law.slope(60_000) / slope).isEqualTo(1, within(1e-3));
        assertThat(law.loss(60_000))
                .isEqualTo(floor + drop * Math.pow(60_000, -alpha), within(1e-6));
    }

    @Test
    void aLongHistoryKeepsFewPointsAndAllTokens() {
        Random random = new Random(1);
        LearningCurve curve = LearningCurve.EMPTY;
        double tokens = 0;
        for (int k = 0; k < 5000; k++) {
            double drawn = 500 + random.nextInt(1000);
            double n = tokens + drawn / 2;
            curve =
                    curve.with(
                            tokens,
                            drawn,
                            2 + 30 * Math.pow(n, -.35) + .01 * random.nextGaussian());
            tokens += drawn;
        }

        assertThat(curve.size()).isEqualTo(LearningCurve.MOST_POINTS);
        double[] points = curve.toArray();
        double held = 0;
        for (int k = 0; k < curve.size(); k++) {
            held += points[3 * k + 2];
            if (k > 0) {
                assertThat(points[3 * k]).isGreaterThan(points[3 * k - 3]);
            }
        }
        assertThat(held).isEqualTo(tokens, within(1e-3));
        double slope = .35 * 30 * Math.pow(tokens, -1.35);
        assertThat(curve.fit().orElseThrow().slope(tokens) / slope).isBetween(.8, 1.25);
    }

    @Test
    void aFlatOrRisingCurveHasNoSlope() {
        LearningCurve flat = LearningCurve.EMPTY;
        LearningCurve rising = LearningCurve.EMPTY;
        for (int k = 0; k < 20; k++) {
            flat = flat.with(100 * k, 100, 3);
            rising = rising.with(100 * k, 100, 3 + .01 * k);
        }

        assertThat(flat.fit().orElseThrow().slope(2000)).isEqualTo(0, within(1e-15));
        assertThat(rising.fit().orElseThrow().slope(2000)).isEqualTo(0);
    }

    /** A logarithm falls without end, and asks for a floor far below nothing. */
    @Test
    void noLossFallsBelowNothing() {
        LearningCurve curve = LearningCurve.EMPTY;
        for (int k = 0; k < 50; k++) {
            curve = curve.with(1000 * k, 1000, 14 - Math.log(1000 * k + 500));
        }

        PowerLaw law = curve.fit().orElseThrow();

        assertThat(law.floor()).isGreaterThanOrEqualTo(0);
        assertThat(law.loss(50_000)).isEqualTo(14 - Math.log(50_000), within(.2));
    }

    @Test
    void tooFewPointsMakeNoLaw() {
        LearningCurve curve = LearningCurve.EMPTY.with(0, 1, 3).with(1, 1, 2).with(2, 1, 1);

        assertThat(curve.fit()).isEmpty();
        assertThat(curve.with(3, 1, 1).fit()).isPresent();
    }

    @Test
    void isRestoredFromItsNumbers() {
        LearningCurve curve = LearningCurve.EMPTY.with(0, 10, 3).with(10, 5, 2);

        assertThat(LearningCurve.of(curve.toArray()).toArray())
                .containsExactly(5, 3, 10, 12.5, 2, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningCurve.of(new double[4]))
                .withMessageContaining("no 4 numbers");
    }
}
