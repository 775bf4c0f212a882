package io.sluice.ops.bench;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Topic;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A broker and the mixture job in a process of their own. Says where the broker is, stops either
 * when it is told to, says so, and ends when the process that started it has.
 */
final class StackMain {

    static final String STOP_JOB = "stop job";
    static final String STOP_BROKER = "stop broker";

    private StackMain() {}

    /** Argument: the folder for logs and state. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            Topics.create(Clients.of(broker.bootstrap()), Topic.DEFAULT_PREFIX, 1, (short) 1);
            try (EmbeddedJob job =
                    EmbeddedJob.start(
                            folder.resolve("flink"), MixtureOptions.of(broker.bootstrap()), 1)) {
                System.out.println(broker.bootstrap());
                obey(job, broker);
            }
        }
        System.exit(0);
    }

    private static void obey(EmbeddedJob job, EmbeddedBroker broker) throws Exception {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            switch (line) {
                case STOP_JOB -> job.close();
                case STOP_BROKER -> broker.close();
                default -> throw new IllegalArgumentException(line);
            }
            System.out.println(line);
        }
    }
}
