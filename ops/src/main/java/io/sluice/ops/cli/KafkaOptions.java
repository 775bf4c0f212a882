package io.sluice.ops.cli;

import io.sluice.flink.kafka.KafkaSettings;
import io.sluice.flink.kafka.KafkaSettings.InvalidSettingException;
import io.sluice.ops.UserException;
import io.sluice.ops.stack.KafkaFaults;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command reaches Kafka; the same options for all that do. */
final class KafkaOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Address of the Kafka brokers; several with commas between.")
    private String bootstrap;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            description = "Prefix of the topics' names.",
            defaultValue = Topic.DEFAULT_PREFIX)
    private String prefix;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of every Kafka client, as security.protocol=SSL; may be given again. Secrets belong into"
                            + " --kafka-properties: other users see a command line.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description = "A Java properties file with such settings, TLS and SASL above all.")
    private Path file;

    /** Client properties; they may hold secrets, so nobody prints them. */
    Properties client() {
        try {
            return KafkaSettings.of(Optional.ofNullable(file), settings, bootstrap);
        } catch (InvalidSettingException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** The same as a map. */
    Map<String, String> clientMap() {
        Properties client = client();
        Map<String, String> map = new TreeMap<>();
        client.stringPropertyNames().forEach(name -> map.put(name, client.getProperty(name)));
        return map;
    }

    /**
     * Runs work with these settings, as {@link Failures#translate} does it.
     *
     * @throws UserException in place of a known failure, and of a setting that Kafka refuses
     */
    <T> T translate(Callable<T> work) throws Exception {
        try {
            return Failures.translate(work);
        } catch (KafkaException e) {
            throw new UserException(
                    "Kafka's client refuses its settings: "
                            + KafkaFaults.reason(e, client())
                            + "; mend --kafka or --kafka-properties",
                    e);
        }
    }

    String bootstrap() {
        return bootstrap;
    }

    String prefix() {
        return prefix;
    }
}
