package io.sluice.ops.cli;

import io.sluice.ops.chaos.Chaos;
import io.sluice.ops.chaos.ChaosResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice chaos}. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Starts a cluster of real processes with a scripted trainer, kills and stalls them, cuts their connections and"
                        + " sends what should not be sent; after each fault, an oracle outside of them judges by the topics and"
                        + " the trainer's log whether every invariant held.",
        footer = {
            "",
            "Examples:",
            "  ./sluice chaos --seed 1",
            "  ./sluice chaos --seed 1 --faults F1,F1,F1,F2,F3 --json chaos.json",
            "",
            "docs/chaos.md says what each fault does and what the invariants are. Exit code 1: something is broken; the folder then"
                    + " stays, with the logs of all processes."
        })
final class ChaosCommand implements Callable<Integer> {

    private static final long NEEDED_MEBIBYTES = 4_000;

    @Spec private CommandSpec spec;

    @Option(
            names = "--seed",
            required = true,
            paramLabel = "N",
            description = "Order of the faults, and everything else that is left to chance.")
    private long seed;

    @Option(
            names = "--faults",
            paramLabel = "F1,F2,...",
            split = ",",
            description =
                    "The faults; one that is named twice strikes twice. All, and three of F1, when absent.")
    private List<String> faults;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "Go on with the same faults again until so many minutes have passed.",
            defaultValue = "0")
    private double minutes;

    @Option(
            names = {"--folder", "--state"},
            paramLabel = "DIR",
            description = "Keep state and logs there; a temporary folder when absent.")
    private Path folder;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job's jar.",
            defaultValue = "${sys:sluice.home:-.}/flink-jobs/target/sluice-job.jar")
    private Path jar;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result to FILE.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        require(minutes >= 0 && minutes <= 10_000, "--minutes must be 0 to 10000");
        List<String> names = faults == null ? Chaos.usual() : faults;
        for (String name : names) {
            require(
                    Chaos.names().contains(name),
                    "--faults has no '" + name + "': choose of " + String.join(",", Chaos.names()));
        }
        if (json != null) {
            JsonFile.requireWritable(json);
        }
        Memory.require("the cluster", NEEDED_MEBIBYTES);
        Path place = folder == null ? Files.createTempDirectory("sluice-chaos") : folder;
        Path absolute = Files.createDirectories(place).toAbsolutePath().normalize();
        Duration least = Duration.ofSeconds(Math.round(minutes * 60));
        ChaosResult result =
                Failures.translate(() -> Chaos.run(absolute, jar, seed, names, least, System.err));
        if (json != null) {
            JsonFile.write(json, result);
        }
        System.out.print(result.text());
        if (folder == null && result.isSound()) {
            Chaos.forget(absolute);
        } else {
            System.err.println("state and logs are in " + absolute);
        }
        return result.isSound() ? 0 : 1;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
