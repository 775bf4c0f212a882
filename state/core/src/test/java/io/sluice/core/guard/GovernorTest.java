package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.guard.Governor.InForce;
import io.sluice.core.guard.Governor.Memory;
import io.sluice.core.guard.Governor.Phase;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GovernorTest {

    private static final int ROUNDS = 10;
    private static final int WINDOW = 10;

    /** A run whose loss follows a law, faster or slower than at the prior. */
    private static final class Training {

        private final Random noise = new Random(1);
        private final double deviation;
        private Memory memory = Memory.EMPTY;
        private double clock;
        private double effective;

        Training(double deviation) {
            this.deviation = deviation;
        }

        /** A round whose tokens are worth so much of those at the prior. */
        Training round(InForce inForce, double worth) {
            double loss = 1 + 4 * Math.pow(effective + 5, -.4) + deviation * noise.nextGaussian();
            memory = Governor.observe(memory, inForce, clock, 1, loss, ROUNDS);
            clock += 1;
            effective += worth;
            return this;
        }

        Training rounds(int count, InForce inForce, double worth) {
            for (int i = 0; i < count; i++) {
                round(inForce, worth);
            }
            return this;
        }
    }

    @Test
    void aMixtureThatKeepsUpIsLeftAlone() {
        for (double worth : new double[] {1, 1.3, 3}) {
            Training run = new Training(.001).rounds(20, InForce.PRIOR, 1);

            run.rounds(20 * WINDOW, InForce.POLICY, worth);

            assertThat(run.memory.phase()).isEqualTo(Phase.WATCHING);
            assertThat(run.memory.returns()).isZero();
        }
    }

    @Test
    void aMixtureThatFallsBehindTwiceIsGivenUp() {
        Training run = new Training(.001).rounds(20, InForce.PRIOR, 1);

        run.rounds(WINDOW, InForce.POLICY, .3);
        assertThat(run.memory.phase()).isEqualTo(Phase.WATCHING);
        assertThat(run.memory.verdict().orElseThrow().isBehind()).isTrue();

        run.rounds(WINDOW, InForce.POLICY, .3);
        assertThat(run.memory.phase()).isEqualTo(Phase.RETURNED);
    }

    @Test
    void thePolicySteersAgainAfterTheDeclaredRoundsOfThePrior() {
        Training run = new Training(.001).rounds(20, InForce.PRIOR, 1);
        run.rounds(2 * WINDOW, InForce.POLICY, .3);

        run.rounds(5, InForce.OTHER, 1).rounds(ROUNDS - 1, InForce.PRIOR, 1);
        assertThat(run.memory.phase()).isEqualTo(Phase.RETURNED);
        run.round(InForce.PRIOR, 1);
        assertThat(run.memory.phase()).isEqualTo(Phase.WATCHING);
    }

    @Test
    void whatFallsBehindAgainAtOnceIsGivenUpForTwiceAsLong() {
        Training run = new Training(.0001).rounds(20, InForce.PRIOR, 1);
        int[] expected = {ROUNDS, 2 * ROUNDS, 4 * ROUNDS, 8 * ROUNDS, 8 * ROUNDS};
        for (int stay : expected) {
            run.rounds(2 * WINDOW, InForce.POLICY, .1);
            assertThat(run.memory.phase()).isEqualTo(Phase.RETURNED);
            run.rounds(stay - 1, InForce.PRIOR, 1);
            assertThat(run.memory.phase()).isEqualTo(Phase.RETURNED);
            run.round(InForce.PRIOR, 1);
            assertThat(run.memory.phase()).isEqualTo(Phase.WATCHING);
        }
        run.rounds(WINDOW, InForce.POLICY, 1.2);
        assertThat(run.memory.returns()).isZero();
    }

    /** Without noise the comparison is the difference of the two laws. */
    @Test
    void theVerdictIsWhatTheLawsSay() {
        Training run = new Training(0).rounds(30, InForce.PRIOR, 1);

        run.rounds(WINDOW, InForce.POLICY, 1);

        Governor.Verdict verdict = run.memory.verdict().orElseThrow();
        assertThat(verdict.prior()).isEqualTo(verdict.realised(), within(.15 * verdict.prior()));
        assertThat(verdict.error()).isLessThan(.2 * verdict.prior());
    }

    @Test
    void withoutThePriorThereIsNothingToCompareWith() {
        Training run = new Training(.001).rounds(Governor.LEAST_ROUNDS - 1, InForce.PRIOR, 1);

        run.rounds(20 * WINDOW, InForce.POLICY, 0);

        assertThat(run.memory.phase()).isEqualTo(Phase.LEARNING);
        assertThat(run.memory.verdict()).isEmpty();
    }

    @Test
    void probesAndReturnsOnTheirWaySayNothing() {
        Training run = new Training(.001).rounds(20, InForce.PRIOR, 1);
        Memory before = run.memory;

        run.rounds(5 * WINDOW, InForce.OTHER, 0);

        assertThat(run.memory).isEqualTo(before);
    }

    /** Noise alone must not give up a mixture that is as good as the prior. */
    @Property(tries = 50)
    void noiseSeldomLooksLikeFallingBehind(@ForAll long seed) {
        Training run = new Training(.01);
        run.noise.setSeed(seed);
        int returned = 0;
        run.rounds(20, InForce.PRIOR, 1);
        for (int round = 0; round < 400; round++) {
            boolean atPrior = run.memory.returned();
            returned += atPrior ? 1 : 0;
            run.round(atPrior ? InForce.PRIOR : InForce.POLICY, 1);
        }
        assertThat(returned).isLessThanOrEqualTo(4 * ROUNDS);
    }
}
