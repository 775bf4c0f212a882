package io.sluice.bridge;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.sluice.bridge.pool.PoolStatus;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a bridge counts, for Prometheus. The only class that knows its client library. Every series
 * of a bridge exists from the start, so that no first event is missed. Thread-safe.
 */
public final class BridgeMetrics {

    /** Groups that get a series of their own; the others share one. */
    private static final int NAMED_GROUPS = 64;

    private static final String OTHER = "other";
    private static final double NANOS = 1e-9;
    private static final double[] LATENCY_SECONDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final CollectorRegistry registry = new CollectorRegistry();
    private final String run;
    private final Set<GroupId> named;

    private final Gauge weight =
            Gauge.build("sluice_mixture_weight_ratio", "Share of a group in the mixture in use.")
                    .labelNames("run", "group")
                    .register(registry);
    private final Gauge truncated =
            gauge("sluice_groups_truncated", "Groups that have no weight series of their own.");
    private final Gauge version =
            gauge("sluice_mixture_version", "Version of the plan of the step under way.");
    private final Gauge planAge =
            gauge("sluice_plan_age_steps", "Steps since the first step of the plan in use.");
    private final Gauge lastPlan =
            gauge(
                    "sluice_last_plan_timestamp_seconds",
                    "When a plan was last accepted, since 1970; 0 before the first.");
    private final Counter plans =
            Counter.build("sluice_plans_total", "Plans that were offered, by the answer.")
                    .labelNames("verdict")
                    .register(registry);
    private final Counter fallbacks =
            Counter.build(
                            "sluice_fallbacks_total",
                            "Plans by which the bridge itself moved towards the prior.")
                    .register(registry);
    private final Counter signals =
            Counter.build("sluice_signals_total", "Measured signals of ended rounds, by fate.")
                    .labelNames("outcome")
                    .register(registry);
    private final Counter rounds =
            Counter.build("sluice_rounds_total", "Rounds that the trainer ended.")
                    .register(registry);
    private final Gauge sealedThrough =
            gauge("sluice_sealed_through_step", "Last sealed step; -1 when none is.");
    private final Histogram latency =
            Histogram.build(
                            "sluice_feedback_latency_seconds",
                            "From the end of a round to the acceptance of its plan.")
                    .buckets(LATENCY_SECONDS)
                    .register(registry);
    private final Gauge queue =
            gauge("sluice_telemetry_queue_rounds", "Ended rounds that wait to be sent.");
    private final Counter errors =
            Counter.build("sluice_bridge_errors_total", "What went wrong around the bridge.")
                    .labelNames("where")
                    .register(registry);
    private final Gauge fenced =
            gauge("sluice_fenced", "1 when a newer attempt has started elsewhere, else 0.");
    private final Gauge attempt =
            gauge("sluice_attempt", "Number of the attempt; -1 until the log has answered.");

    private final Gauge poolDocuments =
            gauge("sluice_pool_documents", "Documents that are held for the trainer.");
    private final Gauge poolBytes = gauge("sluice_pool_bytes", "Bytes of those documents.");
    private final Gauge poolFull =
            gauge(
                    "sluice_pool_full_groups",
                    "Groups whose next documents wait in the log for room.");
    private final Gauge poolRefused =
            gauge(
                    "sluice_pool_refused_records",
                    "Records among the documents that could not be taken, since the start.");

    private Daemon daemon;

    BridgeMetrics(RunSpec spec) {
        this.run = spec.runId();
        this.named = largest(spec);
        truncated.set(spec.groups().size() - named.size());
        for (Verdict verdict : Verdict.values()) {
            plans.labels(label(verdict));
        }
        for (Faults.Place place : Faults.Place.values()) {
            errors.labels(label(place));
        }
        signals.labels("acknowledged");
        signals.labels("dropped");
        sealedThrough.set(-1);
        attempt.set(-1);
        mixture(0, spec.prior());
    }

    /** All series in Prometheus' text format 0.0.4. */
    public String scrape() {
        StringWriter text = new StringWriter();
        try {
            TextFormat.write004(text, registry.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The series of a daemon that serves trainers; they exist from the first call on. */
    public synchronized Daemon daemon() {
        if (daemon == null) {
            daemon = new Daemon(registry);
        }
        return daemon;
    }

    /** Content type of {@link #scrape()}, for an HTTP answer. */
    public String contentType() {
        return TextFormat.CONTENT_TYPE_004;
    }

    void mixture(long planVersion, Mixture mixture) {
        version.set(planVersion);
        double rest = 0;
        for (int j = 0; j < mixture.size(); j++) {
            GroupId group = mixture.groups().get(j);
            if (named.contains(group)) {
                weight.labels(run, group.value()).set(mixture.weight(j));
            } else {
                rest += mixture.weight(j);
            }
        }
        if (named.size() < mixture.size()) {
            weight.labels(run, OTHER).set(rest);
        }
    }

    void fellBack() {
        fallbacks.inc();
    }

    void planAge(long steps) {
        planAge.set(steps);
    }

    void plan(Verdict verdict) {
        plans.labels(label(verdict)).inc();
        if (verdict == Verdict.ACCEPTED) {
            lastPlan.setToCurrentTime();
        }
    }

    void latency(long nanos) {
        latency.observe(nanos * NANOS);
    }

    void signals(int acknowledged, int dropped) {
        signals.labels("acknowledged").inc(acknowledged);
        signals.labels("dropped").inc(dropped);
    }

    void roundEnded() {
        rounds.inc();
    }

    void queued(int rounds) {
        queue.set(rounds);
    }

    void sealedThrough(long step) {
        sealedThrough.set(step);
    }

    void attempt(long number) {
        attempt.set(number);
        fenced.set(0);
    }

    void fenced() {
        fenced.set(1);
    }

    void pool(PoolStatus pool) {
        poolDocuments.set(pool.documents());
        poolBytes.set(pool.bytes());
        poolFull.set(pool.fullGroups());
        poolRefused.set(pool.refused());
    }

    /** Signals that the log has. */
    long acknowledged() {
        return (long) signals.labels("acknowledged").get();
    }

    /** Signals that were measured and lost. */
    long dropped() {
        return (long) signals.labels("dropped").get();
    }

    void error(Faults.Place place) {
        errors.labels(label(place)).inc();
    }

    private Gauge gauge(String name, String help) {
        return Gauge.build(name, help).register(registry);
    }

    /** All groups where they are few, else those of the largest prior. */
    private static Set<GroupId> largest(RunSpec spec) {
        Set<GroupId> groups = new HashSet<>();
        spec.groups().stream()
                .sorted(Comparator.comparingDouble(GroupSpec::prior).reversed())
                .limit(NAMED_GROUPS)
                .forEach(group -> groups.add(group.id()));
        return groups;
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** What a daemon counts beside its bridge. Thread-safe. */
    public static final class Daemon {

        private final Counter requests;
        private final Gauge connections;
        private final Counter dropped;

        private Daemon(CollectorRegistry registry) {
            requests =
                    Counter.build("sluice_daemon_requests_total", "Answered requests.")
                            .labelNames("path", "status")
                            .register(registry);
            connections =
                    Gauge.build("sluice_daemon_connections", "Open connections of trainers.")
                            .register(registry);
            dropped =
                    Counter.build(
                                    "sluice_daemon_signals_dropped_total",
                                    "Signals without room, or of a round never ended.")
                            .register(registry);
        }

        /**
         * Counts an answered request.
         *
         * @param path one of a closed list
         * @param status the HTTP status
         */
        public void request(String path, int status) {
            requests.labels(path, Integer.toString(status)).inc();
        }

        /** Notes how many connections are open. */
        public void connections(int open) {
            connections.set(open);
        }

        /** Counts signals for which there was no room, or whose round was never ended. */
        public void dropped(int signals) {
            dropped.inc(signals);
        }
    }
}
