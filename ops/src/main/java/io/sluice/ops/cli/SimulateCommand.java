package io.sluice.ops.cli;

import io.sluice.core.simulate.Scenario;
import io.sluice.core.simulate.Simulation;
import io.sluice.ops.UserException;
import io.sluice.ops.mixing.SimulationReport;
import io.sluice.ops.mixing.SimulationText;
import io.sluice.ops.mixing.TrajectorySvg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Runs a policy, through the whole controller with its guards, in a world where training is a formula, and"
                        + " compares its final loss with equal shares and with the best mixture fixed beforehand. For telling"
                        + " whether a change broke something, not for choosing a policy.",
        footer = {
            "",
            "Scenarios, each of five groups that are also the targets:",
            "  S1  identical  groups of a kind: nothing can be gained",
            "  S2  noise      the fifth group is noise: no tokens lower its loss",
            "  S3  transfer   groups of different laws, of which two pairs help each other",
            "  S4  limited    groups of a kind, of which two are small and repeat",
            "  S5  churn      S3, in which group-3 comes after 100 rounds and group-1 leaves after 250",
            "",
            "Examples:",
            "  ./sluice simulate --scenario S2 --policy slope-eg --seeds 10",
            "  ./sluice simulate --scenario S3 --policy dga -o eta=0.2 --json s3.json --plot s3.svg",
            "",
            "docs/policies.md has the figures of all policies."
        })
final class SimulateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private PolicyOption policy;

    @Option(names = "--scenario", paramLabel = "NAME", required = true, description = "The world.")
    private String scenario;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Runs, with the seeds 0 to N - 1.",
            defaultValue = "10")
    private int seeds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of a run.",
            defaultValue = "400")
    private int rounds;

    @Option(
            names = "--delay",
            paramLabel = "ROUNDS",
            description = "Rounds between a decision and its first effect.",
            defaultValue = "3")
    private int delay;

    @Option(
            names = "--warm-up",
            paramLabel = "ROUNDS",
            description =
                    "Rounds at the start that decide nothing, from which the governor learns; it is off without.",
            defaultValue = "0")
    private int warmUp;

    @Option(
            names = "--noise",
            paramLabel = "NATS",
            description = "Standard deviation of a reported loss.",
            defaultValue = "0.005")
    private double noise;

    @Option(
            names = "--prior-pull",
            paramLabel = "TAU",
            description = "The guards' pull to the prior.",
            defaultValue = "0.1")
    private double priorPull;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to FILE.")
    private Path json;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw the trajectory to FILE, which ends in .svg or .html.")
    private Path plot;

    @Override
    public Integer call() {
        require(seeds >= 1 && seeds <= 1_000, "--seeds must be 1 to 1000, not " + seeds);
        require(rounds >= 10 && rounds <= 10_000, "--rounds must be 10 to 10000, not " + rounds);
        require(delay >= 0 && delay <= 1_000, "--delay must be 0 to 1000, not " + delay);
        require(warmUp >= 0 && warmUp < rounds, "--warm-up must be 0 to less than --rounds");
        require(noise >= 0 && noise <= 1, "--noise must be 0 to 1, not " + noise);
        require(
                priorPull >= 0 && priorPull <= 1e6,
                "--prior-pull must be 0 to 1000000, not " + priorPull);
        require(
                plot == null || name(plot).endsWith(".svg") || name(plot).endsWith(".html"),
                "--plot must name a file that ends in .svg or .html");
        if (json != null) {
            JsonFile.requireWritable(json);
        }
        if (plot != null) {
            JsonFile.requireWritable(plot);
        }
        SimulationReport report = report();
        if (json != null) {
            JsonFile.write(json, report);
        }
        if (plot != null) {
            draw(report);
        }
        System.out.print(SimulationText.of(report));
        return 0;
    }

    private SimulationReport report() {
        try {
            Simulation simulation =
                    Simulation.of(Scenario.of(scenario), policy.spec(), 0)
                            .withRounds(rounds)
                            .withDelay(delay)
                            .withWarmUp(warmUp)
                            .withNoise(noise)
                            .withPriorPull(priorPull);
            return SimulationReport.of(simulation, seeds);
        } catch (IllegalArgumentException e) {
            throw policy.wrong(e);
        }
    }

    private void draw(SimulationReport report) {
        String picture =
                name(plot).endsWith(".svg") ? TrajectorySvg.of(report) : TrajectorySvg.page(report);
        try {
            Files.writeString(plot, picture);
        } catch (IOException e) {
            throw new UserException("cannot write " + plot + " (" + e + "): name another file", e);
        }
    }

    private static String name(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
