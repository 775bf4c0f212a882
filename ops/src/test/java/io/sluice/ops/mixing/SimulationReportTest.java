package io.sluice.ops.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.simulate.Scenario;
import io.sluice.core.simulate.Simulation;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SimulationReportTest {

    private final SimulationReport report =
            SimulationReport.of(
                    Simulation.of(Scenario.NOISE, PolicySpec.of("static"), 0).withRounds(50), 2);

    @Test
    void thePriorIsEqualShares() {
        assertThat(report.deltaEqual()).isEqualTo(0, within(1e-12));
        assertThat(report.deltaEqualError()).isEqualTo(0, within(1e-12));
        assertThat(report.deltaBestFixed())
                .isEqualTo(report.equalLoss() - report.bestFixedLoss(), within(1e-12))
                .isPositive();
        assertThat(report.runs()).extracting(SimulationReport.Run::seed).containsExactly(0L, 1L);
        assertThat(report.trajectory()).hasDimensions(50, 5);
    }

    /** It pours tokens into the noise, and the governor has seen what the prior achieves. */
    @Test
    void whatTheGovernorTookBackIsTold() {
        SimulationReport governed =
                SimulationReport.of(
                        Simulation.of(Scenario.NOISE, PolicySpec.of("odm"), 0)
                                .withPriorPull(0)
                                .withWarmUp(30)
                                .withRounds(150),
                        2);

        assertThat(governed.returnedRuns()).isEqualTo(1);
        assertThat(governed.returnedRounds()).isBetween(.05, .9);
        assertThat(SimulationText.of(governed))
                .contains("governor returned", "in 100 % of the runs");
        assertThat(report.returnedRuns()).isZero();
        assertThat(SimulationText.of(report)).doesNotContain("governor");
    }

    @Test
    void theTextAndThePictureHaveEveryGroup() {
        assertThat(SimulationText.of(report))
                .contains("best fixed mixture", "against best fixed", "group-0", "group-4")
                .contains(
                        String.format(
                                Locale.ROOT,
                                "+0.0000                %+.4f; standard error 0.0000",
                                report.deltaBestFixed()));
        assertThat(TrajectorySvg.of(report))
                .startsWith("<svg")
                .contains("group-4")
                .endsWith("</svg>\n");
        assertThat(TrajectorySvg.page(report)).contains("<svg", "best fixed mixture", "</html>");
    }
}
