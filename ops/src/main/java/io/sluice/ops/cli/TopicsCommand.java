package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import io.sluice.ops.stack.Topics;
import io.sluice.ops.stack.Topics.Found;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Looks after the topics on a Kafka of your own.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = TopicsCommand.Create.class)
final class TopicsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: create");
    }

    /** {@code ./sluice topics create}. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description =
                    "Creates the topics that the job and the bridges need, with the settings they rely on. Topics that exist are"
                            + " left as they are, and looked at.",
            footer = {
                "",
                "Examples:",
                "  ./sluice topics create --bootstrap broker:9092 --dry-run",
                "  ./sluice topics create --bootstrap broker:9092 --partitions 4 --replication 3",
                "  ./sluice topics create --bootstrap broker:9093 --kafka-properties client.properties"
            })
    static final class Create implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Mixin private KafkaOptions kafka;

        @Option(
                names = "--partitions",
                paramLabel = "N",
                description =
                        "Partitions of the topics that are keyed by run; about as many as runs at once. claims has one, always.",
                defaultValue = "4")
        private int partitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                description = "Copies of each partition; 3 where there are three brokers.",
                defaultValue = "1")
        private short replication;

        @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
        private boolean dryRun;

        @Override
        public Integer call() throws Exception {
            if (partitions < 1 || partitions > 1000 || replication < 1) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--partitions must be 1 to 1000 and --replication at least 1, not "
                                + partitions
                                + " and "
                                + replication);
            }
            List<Found> topics = kafka.translate(this::topics);
            for (Found found : topics) {
                System.out.printf(
                        "%-24s %-14s %d partition%s%n",
                        found.name(),
                        found.existed() ? "exists" : dryRun ? "to be created" : "created",
                        found.partitions(),
                        found.partitions() == 1 ? "" : "s");
            }
            List<String> faults =
                    topics.stream()
                            .flatMap(
                                    found ->
                                            found.faults().stream()
                                                    .map(fault -> found.name() + " " + fault))
                            .toList();
            if (!faults.isEmpty()) {
                throw new UserException(String.join("; ", faults));
            }
            return 0;
        }

        private List<Found> topics() throws InterruptedException {
            return dryRun
                    ? Topics.inspect(kafka.client(), kafka.prefix(), partitions)
                    : Topics.create(kafka.client(), kafka.prefix(), partitions, replication);
        }
    }
}
