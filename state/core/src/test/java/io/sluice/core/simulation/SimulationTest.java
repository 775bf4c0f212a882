package io.sluice.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.controller.Basis;
import io.sluice.core.domain.Plan;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.Rejection.Reason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The loop under faults, one schedule per seed. {@code -Dsluice.simulation.seeds=N} runs N of them,
 * {@code -Dsluice.simulation.seed=S} one.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("sluice.simulation.seeds", 3000);

    /** With fewer seeds than these, something rare may not have happened. */
    private static final int ENOUGH = 2000;

    @Test
    void everyInvariantHoldsUnderEverySchedule() {
        Coverage coverage = new Coverage();
        Long one = Long.getLong("sluice.simulation.seed");
        if (one != null) {
            run(one, coverage);
            return;
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            run(seed, coverage);
        }
        if (System.getProperty("sluice.simulation.seeds") != null) {
            System.out.println(SEEDS + " seeds\n" + coverage);
        }
        if (SEEDS >= ENOUGH) {
            assertEverythingHappened(coverage);
        }
    }

    /** A seed that failed is of use only then. */
    @Test
    void theSameSeedDoesTheSameInEveryDetail() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(trace(seed)).isNotEmpty().isEqualTo(trace(seed));
        }
        assertThat(trace(0)).isNotEqualTo(trace(1));
    }

    /** The last events, numbered from the first. */
    private static String trace(long seed) {
        Trace trace = new Trace(true);
        Simulation.run(seed, new Seams(), new Coverage(), trace);
        return trace.toString();
    }

    private static final List<Plan.Label> LABELS =
            List.of(
                    Plan.Label.POLICY,
                    Plan.Label.BOX,
                    Plan.Label.PIN,
                    Plan.Label.EXCLUSION,
                    Plan.Label.ROLLBACK,
                    Plan.Label.BOUNDS,
                    Plan.Label.CAP,
                    Plan.Label.GROUPS);

    private static void assertEverythingHappened(Coverage coverage) {
        assertThat(coverage.missing(Arrays.asList(Fault.values()))).isEmpty();
        assertThat(coverage.missing(Arrays.asList(Basis.Kind.values()))).isEmpty();
        assertThat(coverage.missing(holds())).isEmpty();
        assertThat(coverage.missing(Arrays.asList(Kind.values()))).isEmpty();
        assertThat(coverage.missing(Arrays.asList(PlanAck.Verdict.values()))).isEmpty();
        assertThat(coverage.missing(Arrays.asList(ShardRound.Status.values()))).isEmpty();
        assertThat(coverage.missing(LABELS)).isEmpty();
        assertThat(
                        coverage.missing(
                                List.of(
                                        Reason.INVALID_SPEC,
                                        Reason.UNKNOWN_RUN,
                                        Reason.UNKNOWN_SUBJECT,
                                        Reason.UNKNOWN_REPORTER,
                                        Reason.FENCED,
                                        Reason.NOT_FINITE,
                                        Reason.OUT_OF_RANGE,
                                        Reason.WRONG_STEPS,
                                        Reason.WRONG_SKETCH,
                                        Reason.LATE,
                                        Reason.TOO_EARLY,
                                        Reason.INVALID_COMMAND)))
                .isEmpty();
    }

    /** All reasons but a return to the prior, for which these worlds are too short. */
    private static List<Hold.Reason> holds() {
        return Arrays.stream(Hold.Reason.values())
                .filter(reason -> reason != Hold.Reason.GOVERNOR)
                .toList();
    }

    private static void run(long seed, Coverage coverage) {
        try {
            Simulation.run(seed, new Seams(), coverage, new Trace(false));
        } catch (RuntimeException e) {
            throw new AssertionError(Replay.of(seed, new Seams()), e);
        }
    }
}
