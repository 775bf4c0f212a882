package io.sluice.ops.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Waits for the records by which a job says how far it has come. */
final class MarkReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final long SILENCE_NANOS = Duration.ofMinutes(3).toNanos();

    /**
     * A moment.
     *
     * @param nanos of {@link System#nanoTime}
     * @param cpuNanos processor time that this process has taken
     */
    record Moment(long nanos, long cpuNanos) {

        static Moment now() {
            OperatingSystemMXBean system =
                    (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Moment(System.nanoTime(), system.getProcessCpuTime());
        }
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private long seen;

    /** Counts from what stands on the topic later than now. */
    MarkReader(Properties client, String topic) {
        this.consumer = TopicContent.consumer(client);
        this.partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
    }

    /**
     * Waits until {@code marks} have come in all.
     *
     * @throws IllegalStateException when nothing comes for minutes
     */
    Moment await(long marks) {
        long heard = System.nanoTime();
        while (seen < marks) {
            int came = consumer.poll(POLL).count();
            seen += came;
            heard = came > 0 ? System.nanoTime() : heard;
            if (System.nanoTime() - heard > SILENCE_NANOS) {
                throw new IllegalStateException(
                        partition.topic() + " stopped at mark " + seen + " of " + marks);
            }
        }
        return Moment.now();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
