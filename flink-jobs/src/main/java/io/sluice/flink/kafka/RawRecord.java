package io.sluice.flink.kafka;

import java.util.Arrays;

/**
 * A Kafka record as it came, with where it came from. Nothing is decoded before a stage of ours
 * holds it, because an exception in a source restarts the job for ever.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 * @param key its key as text; empty when it had none
 * @param value its bytes; empty when it had none
 */
public record RawRecord(String topic, int partition, long offset, String key, byte[] value) {

    /** Where it stands, as {@code TOPIC:PARTITION:OFFSET}. */
    public String position() {
        return topic + ":" + partition + ":" + offset;
    }

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof RawRecord)) {
            return false;
        }
        RawRecord other = (RawRecord) object;
        return topic.equals(other.topic)
                && partition == other.partition
                && offset == other.offset
                && key.equals(other.key)
                && Arrays.equals(value, other.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new Object[] {topic, partition, offset});
    }
}
