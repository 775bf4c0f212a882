package io.sluice.flink.kafka;

import java.util.Arrays;

/**
 * A record on its way to Kafka.
 *
 * @param topic where it goes
 * @param key its key
 * @param value its encoded form
 */
public record OutboundRecord(String topic, String key, byte[] value) {

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof OutboundRecord)) {
            return false;
        }
        OutboundRecord other = (OutboundRecord) object;
        return topic.equals(other.topic)
                && key.equals(other.key)
                && Arrays.equals(value, other.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }
}
