package io.sluice.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The solver against a general-purpose one: objectives that SciPy's SLSQP reached on the same
 * programs, of 2 to 200 groups and 1 to 10 targets. {@code trainer-bridge/python/bench/slsqp.py
 * vectors FILE} makes the file again.
 */
class SharedProgramsTest {

    private static final double RELATIVE = 1e-8;

    @Test
    void noObjectiveIsWorseThanThatOfAGeneralSolver() throws IOException {
        List<String> worse = new ArrayList<>();
        int equal = 0;
        for (JsonNode stored : cases()) {
            MixtureProgram program = program(stored);
            double theirs = stored.get("objective").doubleValue();

            SolverResult result = MixtureSolver.solve(program);

            assertThat(result).isInstanceOf(SolverResult.Solved.class);
            SolverResult.Solved solved = (SolverResult.Solved) result;
            double scale = Math.max(1, Math.abs(theirs));
            double ours = TestingObjective.of(program, solved.weights());
            assertThat(ours).isEqualTo(solved.objective(), within(1e-9 * scale));
            assertThat(solved.relativeGap()).isLessThanOrEqualTo(MixtureSolver.LARGEST_GAP);
            if (ours > theirs + RELATIVE * scale) {
                worse.add(stored + " against " + ours);
            }
            equal += Math.abs(ours - theirs) <= 1e-6 * scale ? 1 : 0;
        }
        assertThat(worse).isEmpty();
        // Most agree closely; where they do not, the general solver stopped early.
        assertThat(equal).isGreaterThan(cases().size() * 2 / 3);
    }

    /** The bound of the certificate lies below what anybody reached. */
    @Test
    void noObjectiveLiesBelowTheCertifiedBound() throws IOException {
        for (JsonNode stored : cases()) {
            SolverResult.Solved solved = (SolverResult.Solved) MixtureSolver.solve(program(stored));
            double theirs = stored.get("objective").doubleValue();

            assertThat(theirs)
                    .as(stored.toString())
                    .isGreaterThan(
                            solved.objective()
                                    - solved.gap()
                                    - RELATIVE * Math.max(1, Math.abs(theirs)));
        }
    }

    private static MixtureProgram program(JsonNode stored) {
        return SampleProgram.of(
                stored.get("seed").longValue(),
                stored.get("m").intValue(),
                stored.get("n").intValue(),
                stored.get("strength").doubleValue());
    }

    private JsonNode cases() throws IOException {
        try (InputStream stream = getClass().getResourceAsStream("/vectors/solver.json")) {
            return new ObjectMapper().readTree(stream).get("cases");
        }
    }
}
