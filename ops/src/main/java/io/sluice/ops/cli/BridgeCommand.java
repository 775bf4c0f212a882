package io.sluice.ops.cli;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.daemon.BridgeDaemon;
import io.sluice.bridge.daemon.DaemonOptions;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.core.domain.Ids;
import io.sluice.ops.run.RunFile;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice bridge}. */
@Command(
        name = "bridge",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Serves one run's trainer: takes its signals to Kafka, and the plans back to it. Runs beside the trainer until it"
                        + " is stopped. With Kafka gone, the trainer keeps its last mixture.",
        footer = {
            "",
            "Examples:",
            "  ./sluice bridge --run run.yaml --bootstrap broker:9092",
            "  ./sluice bridge --run run.yaml --bootstrap broker:9093 --kafka-properties client.properties",
            "  ./sluice bridge --run run.yaml --bootstrap broker:9092 --port 7077 --token-file token",
            "  ./sluice bridge --run run.yaml --bootstrap broker:9092 --catalog books",
            "",
            "docs/bridge-protocol.md says how a trainer speaks to it."
        })
final class BridgeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private KafkaOptions kafka;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "FILE",
            description = "The run (docs/run-yaml.md).")
    private Path run;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Folder of the bridge's store; one for each bridge.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/bridge")
    private Path state;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Unix socket to serve the trainer on.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/bridge.sock")
    private Path socket;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Serve on this port of 127.0.0.1 as well; 0 takes a free one. Needs --token-file.")
    private Integer port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token for --port, readable by you only (mode 0600).")
    private Path tokenFile;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Address of /metrics, /healthz and /readyz; port 0 takes a free one.",
            defaultValue = "127.0.0.1:" + DaemonOptions.DEFAULT_METRICS_PORT)
    private String metrics;

    @Option(
            names = "--allow-user",
            paramLabel = "USER",
            description = "Another user who may use the socket; may be given again.")
    private List<String> allowedUsers = new ArrayList<>();

    @Option(
            names = "--reporter",
            paramLabel = "NAME",
            description = "Names this bridge in the trainer's signals.",
            defaultValue = "rank-0")
    private String reporter;

    @Option(
            names = "--fall-back-after",
            paramLabel = "STEPS",
            description =
                    "Move towards the prior after so many steps without a new plan, and again after as many more; 0 holds"
                            + " the last plan for ever.",
            defaultValue = "0")
    private int fallBackSteps;

    @Option(
            names = "--catalog",
            paramLabel = "C",
            description =
                    "Hold the admitted documents of this catalog for the trainer to draw (docs/candidates.md).")
    private String catalog;

    @Option(
            names = "--pool-bytes",
            paramLabel = "BYTES",
            description =
                    "Most bytes of documents that are held in all; what has no room waits in Kafka.",
            defaultValue = "8589934592")
    private long poolBytes;

    @Option(
            names = "--pool-group-bytes",
            paramLabel = "BYTES",
            description = "Most bytes of documents that are held of one group.",
            defaultValue = "1073741824")
    private long poolGroupBytes;

    @Override
    public Integer call() throws Exception {
        require(
                (port == null) == (tokenFile == null),
                "--port and --token-file go together: anybody on this machine may connect to a port");
        require(
                port == null || port >= 0 && port <= 65_535,
                "--port must be 0 to 65535, not " + port);
        require(
                Ids.isValid(reporter),
                "--reporter '" + reporter + "' must be letters, digits or . _ / + -");
        require(fallBackSteps >= 0, "--fall-back-after must be 0 or more, not " + fallBackSteps);
        RunFile file = RunFile.read(run);
        CountDownLatch stop = new CountDownLatch(1);
        try (Interrupt interrupt = Interrupt.stops(stop::countDown);
                BridgeDaemon daemon = kafka.translate(() -> start(file))) {
            System.out.println("kafka   " + kafka.bootstrap());
            BridgeText.tell(daemon, System.out);
            System.out.flush();
            stop.await();
            System.err.println("stopping ...");
        }
        return 0;
    }

    private BridgeDaemon start(RunFile file) {
        return BridgeDaemon.start(options(file), file.spec(), file.data(), BridgeListener.NONE);
    }

    private DaemonOptions options(RunFile file) {
        BridgeOptions bridge =
                BridgeOptions.of(kafka.bootstrap(), state.toAbsolutePath().normalize())
                        .withKafka(kafka.clientMap())
                        .withTopicPrefix(kafka.prefix())
                        .withReporter(reporter)
                        .withFallBackSteps(fallBackSteps)
                        .withDrawsPerStep(file.drawsPerStep());
        try {
            if (catalog != null) {
                bridge = bridge.withPool(new PoolOptions(catalog, poolBytes, poolGroupBytes));
            }
            DaemonOptions options =
                    DaemonOptions.of(bridge, socket.toAbsolutePath().normalize())
                            .withMetrics(metricsAddress())
                            .withAllowedUsers(Set.copyOf(allowedUsers));
            return port == null ? options : options.withTcp(port, tokenFile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private InetSocketAddress metricsAddress() {
        int colon = metrics.lastIndexOf(':');
        require(
                colon > 0 && metrics.substring(colon + 1).matches("[0-9]{1,5}"),
                "--metrics must be HOST:PORT, not " + metrics);
        int metricsPort = Integer.parseInt(metrics.substring(colon + 1));
        require(metricsPort <= 65_535, "--metrics must have a port of 0 to 65535, not " + metrics);
        return new InetSocketAddress(metrics.substring(0, colon), metricsPort);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
