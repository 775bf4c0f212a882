package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ops.chaos.DaemonClient.RefusedException;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Rank 1 of a scripted trainer: asks the bridge itself which plan the sealed steps have. */
final class TrainerFollower implements Runnable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LOOK_NANOS = 100_000_000;

    private final DaemonClient connection;
    private final TrainerPlans plans;
    private final TrainerSteps steps;
    private final TrainerLog log;
    private final String session;
    private long next;

    TrainerFollower(
            DaemonClient connection,
            TrainerPlans plans,
            TrainerSteps steps,
            TrainerLog log,
            String session) {
        this.connection = connection;
        this.plans = plans;
        this.steps = steps;
        this.log = log;
        this.session = session;
        this.next = steps.step();
    }

    @Override
    public void run() {
        try {
            while (true) {
                LockSupport.parkNanos(LOOK_NANOS);
                long through = plans.sealedThrough();
                if (through >= next) {
                    ask(through);
                }
            }
        } catch (RefusedException e) {
            log.write("rank1-lost", e.code());
        } catch (IOException e) {
            log.write("rank1-lost", e);
        }
    }

    private void ask(long through) throws IOException, RefusedException {
        ObjectNode ask = JSON.createObjectNode();
        ask.put("session", session);
        ask.put("step", steps.step());
        ask.put("from_step", next);
        ask.put("through_step", through);
        for (JsonNode span : connection.post("/v1/lease", ask).get("spans")) {
            long last = Math.min(span.get("through").asLong(), through);
            for (long step = span.get("from").asLong(); step <= last; step++) {
                log.write("rank1", step, span.get("version").asLong());
            }
        }
        next = through + 1;
    }
}
