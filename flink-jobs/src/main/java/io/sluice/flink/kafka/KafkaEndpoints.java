package io.sluice.flink.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sources and sinks with the settings that this project wants of Kafka. */
public final class KafkaEndpoints {

    private KafkaEndpoints() {}

    /**
     * Reads topics from their beginning, as bytes. A checkpoint, where there is one, says where to
     * go on.
     */
    public static KafkaSource<RawRecord> source(
            Properties client, List<String> topics, String group) {
        return KafkaSource.<RawRecord>builder()
                .setProperties(client)
                .setTopics(topics)
                .setGroupId(group)
                .setClientIdPrefix(group)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new RawRecordReader())
                .setProperty("register.consumer.metrics", "false")
                .build();
    }

    /**
     * Writes records to the topics they name, at least once. Transactions would hold every plan
     * back until the next checkpoint; plans carry versions, so that a repetition is harmless.
     */
    public static KafkaSink<OutboundRecord> sink(Properties client) {
        return KafkaSink.<OutboundRecord>builder()
                .setKafkaProducerConfig(client)
                .setProperty(ProducerConfig.LINGER_MS_CONFIG, "0")
                .setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")
                .setProperty(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(2 * 1024 * 1024))
                .setProperty("register.producer.metrics", "false")
                .setRecordSerializer(serializer())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private static KafkaRecordSerializationSchema<OutboundRecord> serializer() {
        return (element, context, timestamp) ->
                new ProducerRecord<>(
                        element.topic(),
                        element.key().getBytes(StandardCharsets.UTF_8),
                        element.value());
    }
}
