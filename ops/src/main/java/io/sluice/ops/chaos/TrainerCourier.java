package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ops.chaos.DaemonClient.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Speaks to the bridge for a scripted trainer, beside its steps. */
final class TrainerCourier implements Runnable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LOOK_MILLIS = 5;
    private static final int CHECKPOINT_ROUNDS = 10;

    private final DaemonClient connection;
    private final TrainerRun run;
    private final TrainerPlans plans;
    private final TrainerSteps steps;
    private final TrainerLog log;
    private final String session;
    private final Path checkpoints;
    private long attempt = -1;
    private String state = "";
    private long toldThrough = -1;
    private long toldPause;

    TrainerCourier(
            DaemonClient connection,
            TrainerRun run,
            TrainerPlans plans,
            TrainerSteps steps,
            TrainerLog log,
            String session,
            Path checkpoints) {
        this.connection = connection;
        this.run = run;
        this.plans = plans;
        this.steps = steps;
        this.log = log;
        this.session = session;
        this.checkpoints = checkpoints;
    }

    @Override
    public void run() {
        try {
            while (true) {
                lease();
                TrainerRound round = steps.ended().poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (round != null) {
                    tell(round);
                }
                tellPaused();
            }
        } catch (RefusedException e) {
            log.write("lost", e.code());
        } catch (IOException | RuntimeException e) {
            log.write("lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lease() throws IOException, RefusedException {
        long step = steps.step();
        long wanted = step + 2L * run.leaseSteps();
        if (plans.sealedThrough() >= step + run.leaseSteps() && attempt >= 0) {
            return;
        }
        ObjectNode ask = JSON.createObjectNode();
        ask.put("session", session);
        ask.put("step", step);
        ask.put("from_step", Math.max(step, plans.sealedThrough() + 1));
        ask.put("through_step", wanted);
        if (plans.newestVersion() >= 0) {
            ask.put("known_version", plans.newestVersion());
        }
        JsonNode lease = connection.post("/v1/lease", ask);
        plans.take(lease);
        plans.forgetBefore(step - 2L * run.roundSteps());
        if (!lease.path("attempt").isNull() && attempt != lease.get("attempt").asLong()) {
            attempt = lease.get("attempt").asLong();
            log.write("attempt", attempt);
        }
        if (!state.equals(lease.get("state").asText())) {
            state = lease.get("state").asText();
            log.write("state", state);
        }
    }

    private void tell(TrainerRound round) throws IOException, RefusedException {
        round.tell(log);
        long dropped = connection.postSignals(round.signals(session)).get("dropped").asLong();
        if (dropped > 0) {
            log.write("signals", round.number(), dropped, "dropped");
        }
        boolean queued =
                connection.post("/v1/round", round.body(session)).get("queued").asBoolean();
        log.write("round", round.number(), queued ? "queued" : "dropped");
        toldThrough = round.number();
        if ((round.number() + 1) % CHECKPOINT_ROUNDS == 0) {
            save((round.number() + 1) * run.roundSteps());
        }
    }

    private void save(long nextStep) throws IOException, RefusedException {
        JsonNode checkpoint =
                connection.get("/v1/checkpoint?session=" + session + "&next_step=" + nextStep);
        Path file = checkpoints.resolve("step-" + nextStep + ".json");
        Files.writeString(file, checkpoint.toString());
        ObjectNode saved = JSON.createObjectNode();
        saved.put("session", session);
        saved.put("next_step", nextStep);
        connection.post("/v1/saved", saved);
        log.write("checkpoint", nextStep, file);
    }

    private void tellPaused() {
        long pause = steps.ended().isEmpty() ? steps.pausedBy() : 0;
        if (pause > toldPause) {
            log.write("paused", pause, toldThrough);
            toldPause = pause;
        }
    }
}
