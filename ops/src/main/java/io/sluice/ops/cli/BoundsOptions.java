package io.sluice.ops.cli;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Bounds other than those that a run declares; the same for all commands that take them. */
final class BoundsOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--floor",
            paramLabel = "GROUP=SHARE",
            description = "Least share of a group, at most its prior.")
    private Map<String, Double> floors = new TreeMap<>();

    @Option(
            names = "--cap",
            paramLabel = "GROUP=SHARE",
            description = "Largest share of a group, at least its prior.")
    private Map<String, Double> caps = new TreeMap<>();

    @Option(
            names = "--max-kl",
            paramLabel = "NATS",
            description = "Largest change of one plan, in (0, 100].")
    private Double maxKl;

    @Option(
            names = "--prior-pull",
            paramLabel = "TAU",
            description = "Strength of the pull towards the prior, at least 0.")
    private Double priorPull;

    Map<String, Double> floors() {
        return floors;
    }

    Map<String, Double> caps() {
        return caps;
    }

    OptionalDouble maxKl() {
        require(maxKl == null || maxKl > 0, "--max-kl must be above 0, not " + maxKl);
        return maxKl == null ? OptionalDouble.empty() : OptionalDouble.of(maxKl);
    }

    OptionalDouble priorPull() {
        require(
                priorPull == null || priorPull >= 0,
                "--prior-pull must be at least 0, not " + priorPull);
        return priorPull == null ? OptionalDouble.empty() : OptionalDouble.of(priorPull);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), message);
        }
    }
}
