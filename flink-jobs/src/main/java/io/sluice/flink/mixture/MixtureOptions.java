package io.sluice.flink.mixture;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Topic;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of the mixture job.
 *
 * @param kafka client properties, with {@code bootstrap.servers}
 * @param topicPrefix prefix of all topic names
 * @param group consumer group under which progress is committed, for monitoring only
 * @param holdTime how long signals wait for the declaration and attempt they name, at least, and an
 *     eighth longer at most; too short rejects what a lagging {@code runs} topic would have
 *     explained, too long keeps strays in state
 * @param idleTime after how long without any record a run is forgotten as if it had ended; a safety
 *     net against runs that nobody ends. Too short, and a run that pauses for so long begins anew
 * @param bufferTimeout how long a stage may wait to fill a network buffer; it adds to the feedback
 *     latency once per stage
 * @param skipped positions ({@link io.sluice.flink.kafka.RawRecord#position}) of records that are
 *     turned away unread, because the job fails on them
 */
public record MixtureOptions(
        Properties kafka,
        String topicPrefix,
        String group,
        Duration holdTime,
        Duration idleTime,
        Duration bufferTimeout,
        Set<String> skipped)
        implements Serializable {

    public MixtureOptions {
        skipped = Set.copyOf(skipped);
        skipped.forEach(RawRecord::requirePosition);
        if (kafka.getProperty("bootstrap.servers") == null) {
            throw new IllegalArgumentException(
                    "bootstrap.servers is missing: give the brokers' addresses");
        }
        if (holdTime.isNegative() || holdTime.isZero()) {
            throw new IllegalArgumentException("the hold time " + holdTime + " is not positive");
        }
        if (idleTime.compareTo(holdTime) <= 0) {
            throw new IllegalArgumentException(
                    "the idle time " + idleTime + " is not above the hold time " + holdTime);
        }
    }

    /** Default settings for the brokers at {@code bootstrap}. */
    public static MixtureOptions of(String bootstrap) {
        Properties kafka = new Properties();
        kafka.setProperty("bootstrap.servers", bootstrap);
        return of(kafka);
    }

    /** Default settings with these client properties. */
    public static MixtureOptions of(Properties kafka) {
        return new MixtureOptions(
                kafka,
                Topic.DEFAULT_PREFIX,
                "sluice-mixture",
                Duration.ofMinutes(5),
                Duration.ofDays(30),
                Duration.ofMillis(1),
                Set.of());
    }

    /** These options with another prefix of the topics. */
    public MixtureOptions withTopicPrefix(String value) {
        return new MixtureOptions(kafka, value, group, holdTime, idleTime, bufferTimeout, skipped);
    }

    /** These options with another consumer group. */
    public MixtureOptions withGroup(String value) {
        return new MixtureOptions(
                kafka, topicPrefix, value, holdTime, idleTime, bufferTimeout, skipped);
    }

    /** These options with another idle time. */
    public MixtureOptions withIdleTime(Duration value) {
        return new MixtureOptions(
                kafka, topicPrefix, group, holdTime, value, bufferTimeout, skipped);
    }

    /** These options with other records to skip. */
    public MixtureOptions withSkipped(Set<String> value) {
        return new MixtureOptions(
                kafka, topicPrefix, group, holdTime, idleTime, bufferTimeout, value);
    }

    /** Without the values of the Kafka settings, which may be secrets. */
    @Override
    public String toString() {
        return "MixtureOptions[kafka="
                + new TreeSet<>(kafka.stringPropertyNames())
                + ", topicPrefix="
                + topicPrefix
                + ", group="
                + group
                + ", holdTime="
                + holdTime
                + ", idleTime="
                + idleTime
                + ", bufferTimeout="
                + bufferTimeout
                + ", skipped="
                + new TreeSet<>(skipped)
                + ']';
    }

    /** The name of a topic. */
    public String name(Topic topic) {
        return topic.name(topicPrefix);
    }

    /** The topics that the job reads. */
    public List<String> inputs() {
        return List.of(
                name(Topic.RUNS), name(Topic.TELEMETRY), name(Topic.ACKS), name(Topic.CONTROL));
    }

    /** Every topic that the job reads or writes. */
    public List<String> topics() {
        return List.of(
                name(Topic.RUNS),
                name(Topic.TELEMETRY),
                name(Topic.ACKS),
                name(Topic.CONTROL),
                name(Topic.CLAIMS),
                name(Topic.PLANS),
                name(Topic.DECISIONS),
                name(Topic.REJECTS));
    }
}
