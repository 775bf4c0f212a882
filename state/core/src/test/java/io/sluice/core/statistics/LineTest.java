package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineTest {

    @Test
    void pointsOnALineGiveThatLine() {
        Line line = Line.EMPTY.with(1e9, 7).with(1e9 + 1, 5).with(1e9 + 3, 1);

        assertThat(line.slope()).isEqualTo(-2, within(1e-12));
        assertThat(line.start()).isEqualTo(7, within(1e-12));
        assertThat(line.span()).isEqualTo(3);
        assertThat(line.slopeError()).isEqualTo(0, within(1e-7));
    }

    /** {@code s / sqrt(sum (x - mean)^2)}, over many lines with noise of a known s. */
    @Test
    void theErrorOfTheSlopeIsHowMuchSlopesScatter() {
        Random random = new Random(3);
        double squares = 0;
        double told = 0;
        for (int run = 0; run < 4_000; run++) {
            Line line = Line.EMPTY;
            for (int k = 0; k < 12; k++) {
                line = line.with(k, 3 - .5 * k + .1 * random.nextGaussian());
            }
            squares += (line.slope() + .5) * (line.slope() + .5);
            told += line.slopeError() * line.slopeError();
        }
        double expected = .01 / 143;
        assertThat(squares / 4_000).isEqualTo(expected, within(.1 * expected));
        assertThat(told / 4_000).isEqualTo(expected, within(.1 * expected));
    }

    @Test
    void tooFewPointsSayNothing() {
        assertThat(Line.EMPTY.slope()).isZero();
        assertThat(Line.EMPTY.with(4, 2).slope()).isZero();
        assertThat(Line.EMPTY.with(4, 2).with(4, 3).slope()).isZero();
        assertThat(Line.EMPTY.with(4, 2).with(5, 3).slopeError()).isZero();
    }

    @Test
    void itsNumbersGiveItBack() {
        Line line = Line.EMPTY.with(2, 3).with(5, 7).with(6, 6);

        assertThat(Line.of(line.toArray())).isEqualTo(line);
        assertThat(line.toArray()).hasSize(Line.FIELDS);
    }
}
