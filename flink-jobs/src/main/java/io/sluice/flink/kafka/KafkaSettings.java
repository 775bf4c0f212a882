package io.sluice.flink.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Settings of Kafka clients as a person gives them. Their values may be secrets (passwords, keys),
 * so no message of this class repeats one.
 */
public final class KafkaSettings {

    private static final String BOOTSTRAP = "bootstrap.servers";

    private KafkaSettings() {}

    /** A setting that cannot be read; the message names it, never its value. */
    public static final class InvalidSettingException extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        InvalidSettingException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Joins an address, a file and single settings; what is named later here wins.
     *
     * @param file Java properties, as Kafka's own tools read them with {@code --command-config}
     * @param settings {@code KEY=VALUE} each
     * @param bootstrap the brokers' addresses, as {@code host:port} with commas between
     * @throws InvalidSettingException when the file cannot be read, a setting is no {@code
     *     KEY=VALUE}, or there is no address
     */
    public static Properties of(Optional<Path> file, List<String> settings, String bootstrap) {
        Properties properties = new Properties();
        file.ifPresent(path -> load(path, properties));
        for (int i = 0; i < settings.size(); i++) {
            String setting = settings.get(i);
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new InvalidSettingException(
                        "--kafka number "
                                + (i + 1)
                                + " is not KEY=VALUE: write it as --kafka security.protocol=SSL",
                        null);
            }
            properties.setProperty(
                    setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
        }
        if (bootstrap.isBlank()) {
            throw new InvalidSettingException(
                    "--bootstrap is empty: name at least one broker as host:port", null);
        }
        properties.setProperty(BOOTSTRAP, bootstrap);
        return properties;
    }

    private static void load(Path file, Properties into) {
        try (Reader reader = Files.newBufferedReader(file)) {
            into.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "cannot read the Kafka settings in "
                            + file
                            + " ("
                            + e.getClass().getSimpleName()
                            + "): name a Java properties file in UTF-8 that you may read",
                    e);
        }
    }
}
