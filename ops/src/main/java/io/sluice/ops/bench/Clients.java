package io.sluice.ops.bench;

import java.util.Properties;

/** Settings of the benchmarks' own Kafka clients. */
final class Clients {

    private Clients() {}

    static Properties of(String bootstrap) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        return properties;
    }
}
