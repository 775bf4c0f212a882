package io.sluice.schemas;

import java.util.Map;

/** The topics, and how each is to be created. */
public enum Topic {
    /** Declarations, attempts and ends; key: run; kept without limit. */
    RUNS("runs", Retention.FOREVER, false),
    /** Signals and closed rounds; key: run. */
    TELEMETRY("telemetry", Retention.DAYS, false),
    /** Operators' commands; key: run. */
    CONTROL("control", Retention.FOREVER, false),
    /** One record per start of a controller; exactly one partition, for its offsets are epochs. */
    CLAIMS("claims", Retention.FOREVER, true),
    /** Published mixtures; key: run. */
    PLANS("plans", Retention.FOREVER, false),
    /** Decisions with their reasons; key: run. */
    DECISIONS("decisions", Retention.LONG, false),
    /** Answers of bridges; key: run. */
    ACKS("acks", Retention.DAYS, false),
    /** Which steps use which plan; key: run. */
    SEALS("seals", Retention.FOREVER, false),
    /** Records that were turned away; key: the original's. */
    REJECTS("rejects", Retention.DAYS, false),
    /** Groups, runs, filters and removals of catalogs; key: catalog. */
    CATALOGS("catalogs", Retention.FOREVER, false),
    /** Documents that are offered; key: document. */
    CANDIDATES("candidates", Retention.DAYS, false),
    /** Documents that were let in; key: {@link #catalogKey}. */
    DOCUMENTS("documents", Retention.LONG, false),
    /** What groups hold, the newest of each; key: {@link #catalogKey}. */
    SUPPLY("supply", Retention.NEWEST, false);

    /** The prefix of topic names where none is configured. */
    public static final String DEFAULT_PREFIX = "sluice.";

    private enum Retention {
        DAYS(7L * 24 * 3600 * 1000),
        LONG(90L * 24 * 3600 * 1000),
        FOREVER(-1),
        /** The newest record of each key, for ever. */
        NEWEST(-1);

        private final long millis;

        Retention(long millis) {
            this.millis = millis;
        }
    }

    /** Room for a record's key and headers beside its value. */
    private static final int OVERHEAD = 16 * 1024;

    private final String suffix;
    private final Retention retention;
    private final boolean onePartition;

    Topic(String suffix, Retention retention, boolean onePartition) {
        this.suffix = suffix;
        this.retention = retention;
        this.onePartition = onePartition;
    }

    /** The topic's name under a prefix, as {@code sluice.plans}. */
    public String name(String prefix) {
        return prefix + suffix;
    }

    /** The key of what concerns one group of a catalog; no identifier holds a colon. */
    public static String catalogKey(String catalog, String group) {
        return catalog + ':' + group;
    }

    /** Number of partitions, where {@code wanted} is what most topics get. */
    public int partitions(int wanted) {
        return onePartition ? 1 : wanted;
    }

    /** Settings to create it with. */
    public Map<String, String> settings() {
        return Map.of(
                "cleanup.policy",
                retention == Retention.NEWEST ? "compact" : "delete",
                "retention.ms",
                Long.toString(retention.millis),
                "retention.bytes",
                "-1",
                "max.message.bytes",
                Integer.toString(Contract.LARGE + OVERHEAD));
    }
}
