package io.sluice.ops.stack;

import java.util.Properties;

/** Words for what Kafka's clients say of their settings. */
public final class KafkaFaults {

    /** Shorter values are words such as {@code SSL}, and no secrets. */
    private static final int SHORTEST_SECRET = 5;

    private KafkaFaults() {}

    /** The deepest reason of a failure, with the values of settings left out. */
    public static String reason(Throwable failure, Properties settings) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message = String.valueOf(deepest.getMessage());
        for (String name : settings.stringPropertyNames()) {
            String value = settings.getProperty(name);
            if (!name.equals("bootstrap.servers") && value.length() >= SHORTEST_SECRET) {
                message = message.replace(value, "(the value of " + name + ")");
            }
        }
        return message;
    }
}
