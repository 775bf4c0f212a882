package io.sluice.flink.mixture.decision;

import io.sluice.schemas.Contract;
import io.sluice.schemas.ControllerClaim;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An epoch is the offset of a record in a topic of one partition: Kafka hands out each offset once,
 * in order.
 */
public final class KafkaEpochClaim implements EpochClaim {

    private static final long serialVersionUID = 1;

    private static final long SECONDS = 60;

    private final Properties client;
    private final String topic;

    public KafkaEpochClaim(Properties client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    @Override
    public long claim(String controller) throws Exception {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.CLIENT_ID_CONFIG, "sluice-claim");
        ControllerClaim claim = new ControllerClaim(controller, System.currentTimeMillis());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, 0, null, new Contract().encode(claim)))
                    .get(SECONDS, TimeUnit.SECONDS)
                    .offset();
        }
    }
}
