package io.sluice.flink.candidate;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.admission.AdmissionOptions;
import io.sluice.core.candidate.dedup.MinHashOptions;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Topic;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of the candidate job.
 *
 * @param kafka client properties, with {@code bootstrap.servers}
 * @param topicPrefix prefix of all topic names
 * @param group consumer group under which progress is committed, for monitoring only
 * @param settings numbers that differ from their defaults, by {@link CandidateSetting#key()}
 * @param model where the embedding model's files are, on every machine that runs the job; empty for
 *     none
 * @param skipped positions ({@link io.sluice.flink.kafka.RawRecord#position}) of records that are
 *     turned away unread, because the job fails on them
 */
public record CandidateOptions(
        Properties kafka,
        String topicPrefix,
        String group,
        TreeMap<String, Double> settings,
        String model,
        TreeSet<String> skipped)
        implements Serializable {

    /** Seed of the MinHash permutations; stored sketches depend on it. */
    private static final long SEED = 1;

    private static final long MILLIS_PER_DAY = 86_400_000;

    /** Up to here a double counts without gaps. */
    private static final double MOST_TOKENS = 0x1p53;

    public CandidateOptions {
        if (kafka.getProperty("bootstrap.servers") == null) {
            throw new IllegalArgumentException(
                    "bootstrap.servers is missing: give the brokers' addresses");
        }
        settings = new TreeMap<>(settings);
        settings.keySet().forEach(CandidateSetting::of);
        skipped = new TreeSet<>(skipped);
        skipped.forEach(RawRecord::requirePosition);
        minHash(settings);
        admission(settings);
        count(settings, CandidateSetting.OVERLAP);
        require(settings, CandidateSetting.OVERLAP, 1, 1_000_000);
        count(settings, CandidateSetting.FILTER_NGRAMS);
        require(settings, CandidateSetting.FILTER_NGRAMS, 0, 1_000_000_000);
        require(settings, CandidateSetting.REMEMBER_DAYS, 1.0 / 1440, 36_500);
        require(settings, CandidateSetting.SUPPLY_SECONDS, 0.1, 86_400);
        require(settings, CandidateSetting.SCORER_SHARE, 0, 1);
        require(settings, CandidateSetting.SCORER_BATCH, 1, 256);
        require(settings, CandidateSetting.SCORER_WAIT_MILLIS, 0, 60_000);
        require(settings, CandidateSetting.SCORER_THREADS, 1, 256);
        require(settings, CandidateSetting.SCORER_TIMEOUT_SECONDS, 0.1, 3_600);
        scorer(settings, model);
    }

    /** Default settings with these client properties. */
    public static CandidateOptions of(Properties kafka) {
        return new CandidateOptions(
                kafka,
                Topic.DEFAULT_PREFIX,
                "sluice-candidate",
                new TreeMap<>(),
                "",
                new TreeSet<>());
    }

    /** These options with another prefix of the topics. */
    public CandidateOptions withTopicPrefix(String value) {
        return new CandidateOptions(kafka, value, group, settings, model, skipped);
    }

    /** These options with another consumer group. */
    public CandidateOptions withGroup(String value) {
        return new CandidateOptions(kafka, topicPrefix, value, settings, model, skipped);
    }

    /**
     * These options with some settings changed.
     *
     * @throws IllegalArgumentException when one is unknown or out of its range
     */
    public CandidateOptions with(Map<String, Double> changes) {
        TreeMap<String, Double> all = new TreeMap<>(settings);
        all.putAll(changes);
        return new CandidateOptions(kafka, topicPrefix, group, all, model, skipped);
    }

    /** These options with a model. */
    public CandidateOptions withModel(String value) {
        return new CandidateOptions(kafka, topicPrefix, group, settings, value, skipped);
    }

    /** These options with other records to skip. */
    public CandidateOptions withSkipped(Set<String> value) {
        return new CandidateOptions(
                kafka, topicPrefix, group, settings, model, new TreeSet<>(value));
    }

    /**
     * Lets a record pass that is to be read.
     *
     * @throws CandidateException for one that is to be skipped
     */
    public void requireNotSkipped(RawRecord raw) throws CandidateException {
        if (!skipped.isEmpty() && skipped.contains(raw.position())) {
            throw new CandidateException(Reason.SKIPPED, "the job was told to skip it");
        }
    }

    /** Where a candidate stands, as {@code --skip} takes it. */
    public String positionOf(Position position) {
        return name(Topic.CANDIDATES) + ":" + position.partition() + ":" + position.offset();
    }

    /** How the embedding model is asked. */
    public ScorerOptions scorer() {
        return scorer(settings, model);
    }

    /** How near duplicates are found. */
    public MinHashOptions minHash() {
        return minHash(settings);
    }

    /** How much of a group is let in. */
    public AdmissionOptions admission() {
        return admission(settings);
    }

    /** Shared n-grams from which a document is kept out. */
    public int overlap() {
        return count(settings, CandidateSetting.OVERLAP);
    }

    /** N-grams of all targets together that a task keeps in memory. */
    public int filterNgrams() {
        return count(settings, CandidateSetting.FILTER_NGRAMS);
    }

    /** How long documents are remembered. */
    public Duration remember() {
        return Duration.ofMillis(
                (long) (number(settings, CandidateSetting.REMEMBER_DAYS) * MILLIS_PER_DAY));
    }

    /** Time between two supply records of a group. */
    public Duration supplyInterval() {
        return Duration.ofMillis((long) (1000 * number(settings, CandidateSetting.SUPPLY_SECONDS)));
    }

    /** The name of a topic. */
    public String name(Topic topic) {
        return topic.name(topicPrefix);
    }

    /** Every topic that the job reads or writes. */
    public List<String> topics() {
        return List.of(
                name(Topic.CANDIDATES),
                name(Topic.CATALOGS),
                name(Topic.PLANS),
                name(Topic.ACKS),
                name(Topic.DOCUMENTS),
                name(Topic.SUPPLY),
                name(Topic.REJECTS));
    }

    /** Without the values of the Kafka settings, which may be secrets. */
    @Override
    public String toString() {
        return "CandidateOptions[kafka="
                + new TreeSet<>(kafka.stringPropertyNames())
                + ", topicPrefix="
                + topicPrefix
                + ", group="
                + group
                + ", settings="
                + settings
                + ", model="
                + model
                + ", skipped="
                + skipped
                + ']';
    }

    private static MinHashOptions minHash(Map<String, Double> settings) {
        return new MinHashOptions(
                count(settings, CandidateSetting.SHINGLE_WORDS),
                count(settings, CandidateSetting.HASHES),
                count(settings, CandidateSetting.BANDS),
                count(settings, CandidateSetting.ROWS),
                number(settings, CandidateSetting.NEAR),
                SEED);
    }

    private static AdmissionOptions admission(Map<String, Double> settings) {
        return new AdmissionOptions(
                whole(settings, CandidateSetting.WANTED_TOKENS, MOST_TOKENS),
                number(settings, CandidateSetting.UNPLANNED_SHARE),
                number(settings, CandidateSetting.KEEP_SHARE),
                count(settings, CandidateSetting.WARM_UP_DOCUMENTS),
                number(settings, CandidateSetting.LEAST_SCORE),
                number(settings, CandidateSetting.WEIGHT_SPREAD));
    }

    private static ScorerOptions scorer(Map<String, Double> settings, String model) {
        return new ScorerOptions(
                model,
                number(settings, CandidateSetting.SCORER_SHARE),
                count(settings, CandidateSetting.SCORER_BATCH),
                Duration.ofMillis(count(settings, CandidateSetting.SCORER_WAIT_MILLIS)),
                count(settings, CandidateSetting.SCORER_THREADS),
                Duration.ofMillis(
                        (long) (1000 * number(settings, CandidateSetting.SCORER_TIMEOUT_SECONDS))));
    }

    private static double number(Map<String, Double> settings, CandidateSetting setting) {
        return settings.getOrDefault(setting.key(), setting.fallback());
    }

    private static int count(Map<String, Double> settings, CandidateSetting setting) {
        return (int) whole(settings, setting, Integer.MAX_VALUE);
    }

    private static long whole(Map<String, Double> settings, CandidateSetting setting, double most) {
        double value = number(settings, setting);
        if (value != Math.rint(value) || Math.abs(value) > most) {
            throw new IllegalArgumentException(
                    setting.key() + " " + value + " is not allowed: use a whole number");
        }
        return (long) value;
    }

    private static void require(
            Map<String, Double> settings, CandidateSetting setting, double least, double most) {
        double value = number(settings, setting);
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    setting.key() + " " + value + " is not allowed: use " + least + " to " + most);
        }
    }
}
