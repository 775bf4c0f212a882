package io.sluice.flink.candidate.embed;

import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * What became of the documents whose similarity was asked for, as {@code
 * sluice.outcome.*.similarity}. Counted by several threads.
 */
final class ScorerCounters {

    private final LongAdder own;
    private final LongAdder embedded;
    private final LongAdder late;
    private final LongAdder failed;

    ScorerCounters(MetricGroup metrics) {
        own = adder(metrics, "own");
        embedded = adder(metrics, "embedded");
        late = adder(metrics, "late");
        failed = adder(metrics, "failed");
    }

    /** A document brought its embedding. */
    void own() {
        own.increment();
    }

    /** The model gave an embedding. */
    void embedded() {
        embedded.increment();
    }

    /** The model gave none. */
    void unscored(boolean isLate) {
        (isLate ? late : failed).increment();
    }

    private static LongAdder adder(MetricGroup metrics, String outcome) {
        LongAdder adder = new LongAdder();
        Gauge<Long> gauge = adder::sum;
        metrics.addGroup("sluice").addGroup("outcome", outcome).gauge("similarity", gauge);
        return adder;
    }
}
