package io.sluice.flink.kafka;

import java.util.Arrays;
import java.util.regex.Pattern;

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

    private static final Pattern POSITION = Pattern.compile("[^:]+:[0-9]{1,9}:[0-9]{1,18}");

    /** Where it stands, as {@code TOPIC:PARTITION:OFFSET}. */
    public String position() {
        return topic + ":" + partition + ":" + offset;
    }

    /**
     * Checks a position that a person has typed.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static void requirePosition(String position) {
        if (!POSITION.matcher(position).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + position
                            + "' is not the position of a record: write it as"
                            + " TOPIC:PARTITION:OFFSET, as the job's failure names it");
        }
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
