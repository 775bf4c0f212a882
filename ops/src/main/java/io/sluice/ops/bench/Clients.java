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

    /** Of clients that wait for a broker which a busy machine keeps from answering for minutes. */
    static Properties patient(String bootstrap) {
        Properties properties = of(bootstrap);
        properties.setProperty("request.timeout.ms", "120000");
        properties.setProperty("default.api.timeout.ms", "300000");
        properties.setProperty("delivery.timeout.ms", "600000");
        return properties;
    }
}
