package io.sluice.bridge.daemon;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeStatus;
import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What the daemon knows, for people and for what watches over it. */
final class StatusRequests {

    private static final String PLAIN = "text/plain; charset=utf-8";

    private record StatusForm(
            String run,
            String specDigest,
            Long attempt,
            String state,
            PlanForm plan,
            Long sealedThrough,
            Long lastRound,
            int queuedRounds,
            SignalsForm signals,
            TrainerForm trainer,
            Map<String, Long> faults,
            boolean storeWorks,
            PoolForm pool,
            double uptimeSeconds) {}

    private record SignalsForm(long acknowledged, long dropped) {}

    private record TrainerForm(String name, boolean connected, int connections) {}

    private record PoolForm(
            String catalog,
            long documents,
            long bytes,
            long fullGroups,
            long refused,
            long duplicates,
            long unreadable,
            boolean writable) {}

    private final Bridge bridge;
    private final Sessions sessions;
    private final LongSupplier nanoTime;
    private final long startNanos;

    StatusRequests(Bridge bridge, Sessions sessions, LongSupplier nanoTime) {
        this.bridge = bridge;
        this.sessions = sessions;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    /** {@code GET /v1/status}. */
    Answer status(Request request) {
        BridgeStatus status = bridge.status();
        return Answer.ok(
                new StatusForm(
                        bridge.spec().runId(),
                        bridge.spec().digest(),
                        Json.orNull(status.attempt()),
                        Json.lowerCase(status.state().name()),
                        PlanForm.of(status.inForce()),
                        Json.orNull(status.sealedThrough()),
                        Json.orNull(status.lastRound()),
                        status.queuedRounds(),
                        new SignalsForm(status.acknowledged(), status.dropped()),
                        sessions.current().map(StatusRequests::trainer).orElse(null),
                        new TreeMap<>(status.faults()),
                        status.storeWorks(),
                        bridge.documents().map(StatusRequests::pool).orElse(null),
                        (nanoTime.getAsLong() - startNanos) * 1e-9));
    }

    /** {@code GET /metrics}. */
    Answer metrics(Request request) {
        return Answer.text(200, bridge.metrics().contentType(), bridge.metrics().scrape());
    }

    /** {@code GET /healthz}: the process lives. */
    Answer health(Request request) {
        return Answer.text(200, PLAIN, "alive\n");
    }

    /** {@code GET /readyz}: there is a mixture to hand out, and the store works. */
    Answer readiness(Request request) {
        return bridge.status().storeWorks()
                ? Answer.text(200, PLAIN, "ready\n")
                : Answer.text(503, PLAIN, "the state folder cannot be used\n");
    }

    private static PoolForm pool(DocumentPool pool) {
        PoolStatus status = pool.status();
        return new PoolForm(
                pool.options().catalog(),
                status.documents(),
                status.bytes(),
                status.fullGroups(),
                status.refused(),
                status.duplicates(),
                status.unreadable(),
                pool.isWritable());
    }

    private static TrainerForm trainer(Session session) {
        int connections = session.connections().size();
        return new TrainerForm(session.client(), connections > 0, connections);
    }
}
