package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import io.sluice.ops.run.RunFile;
import io.sluice.ops.up.Up;
import io.sluice.ops.up.UpOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Starts Kafka, the mixture job, with --candidates the candidate job and, with --run, the bridge of a run in this process, for a trainer of your own."
                        + " Ctrl-C stops it; the same command goes on where it was.",
        footer = {
            "",
            "Examples:",
            "  ./sluice up --run run.yaml",
            "  ./sluice up --run run.yaml --candidates web",
            "  ./sluice up --state /data/sluice --kafka-port 19092",
            "",
            "This is for one machine: the broker listens on 127.0.0.1 only, and has one copy of everything."
        })
final class UpCommand implements Callable<Integer> {

    private static final long NEEDED_MEBIBYTES = 1_500;

    @Spec private CommandSpec spec;

    @Option(
            names = "--run",
            paramLabel = "FILE",
            description = "The run to serve a bridge for (docs/run-yaml.md).")
    private Path run;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Folder for the broker's log, the job's state and the bridge's store.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/up")
    private Path state;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of the broker on 127.0.0.1; 0 takes a free one.",
            defaultValue = "9092")
    private int kafkaPort;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Socket of the bridge.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/bridge.sock")
    private Path socket;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Parallelism of the job, and partitions of topics that are new.",
            defaultValue = "1")
    private int parallelism;

    @Mixin private CandidateStartOptions candidates;

    @Override
    public Integer call() throws Exception {
        require(
                kafkaPort >= 0 && kafkaPort <= 65_535,
                "--kafka-port must be 0 to 65535, not " + kafkaPort);
        require(
                parallelism >= 1 && parallelism <= 64,
                "--parallelism must be 1 to 64, not " + parallelism);
        Optional<RunFile> file = Optional.ofNullable(run).map(RunFile::read);
        Memory.require("'./sluice up'", NEEDED_MEBIBYTES);
        UpOptions options =
                new UpOptions(
                        state.toAbsolutePath().normalize(),
                        file,
                        kafkaPort,
                        socket.toAbsolutePath().normalize(),
                        parallelism,
                        candidates.read());
        CompletableFuture<Void> stop = new CompletableFuture<>();
        System.err.println("starting Kafka and Flink in this process ...");
        try (Interrupt interrupt = Interrupt.stops(() -> stop.complete(null));
                Up up = Failures.translate(() -> Up.start(options))) {
            tell(up, options, System.out);
            CompletableFuture.anyOf(stop, up.jobEnd()).join();
            if (!stop.isDone()) {
                throw new UserException(
                        "a job ended by itself ("
                                + up.jobFailure().map(String::valueOf).orElse("no reason given")
                                + "): .sluice/sluice.log says more");
            }
            System.err.println("stopping; the same command goes on from here ...");
        }
        return 0;
    }

    private static void tell(Up up, UpOptions options, PrintStream out) {
        out.println("kafka   " + up.bootstrap());
        out.println(
                "job     "
                        + up.restoredFrom()
                                .map(snapshot -> "goes on from " + snapshot)
                                .orElse("begins anew"));
        options.candidates()
                .ifPresent(
                        start ->
                                out.println(
                                        "candidates of catalog "
                                                + start.catalog()
                                                + start.model()
                                                        .map(model -> ", scored by " + model)
                                                        .orElse("")));
        out.println("state   " + options.state());
        if (up.bridge().isEmpty()) {
            out.println();
            out.println("No run was given. A bridge for one, in another terminal:");
            out.println("  ./sluice bridge --run run.yaml --bootstrap " + up.bootstrap());
        } else {
            BridgeText.tell(up.bridge().get(), out);
        }
        out.flush();
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
