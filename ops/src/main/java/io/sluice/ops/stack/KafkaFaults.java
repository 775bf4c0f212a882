package io.sluice.ops.stack;

import java.util.Comparator;
import java.util.List;
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
        for (String name : longestValueFirst(settings)) {
            String value = settings.getProperty(name);
            if (!name.equals("bootstrap.servers") && value.length() >= SHORTEST_SECRET) {
                message = message.replace(value, "(the value of " + name + ")");
            }
        }
        return message;
    }

    /** A value may hold another one: what is shorter must not cut it up before it is found. */
    private static List<String> longestValueFirst(Properties settings) {
        return settings.stringPropertyNames().stream()
                .sorted(
                        Comparator.<String>comparingInt(
                                        name -> -settings.getProperty(name).length())
                                .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
