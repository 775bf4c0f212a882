package io.sluice.bridge.daemon;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.TrainerCheckpoint;
import java.util.Map;

/** The beginning and the end of attempts, and what their checkpoints carry. */
final class AttemptRequests {

    /** Far beyond any training, and far from where sums of steps overflow. */
    private static final long MOST_STEPS = 1L << 53;

    private static final int MOST_NAME = 256;

    private record AttemptForm(
            String run, long resumeStep, CheckpointForm checkpoint, ClientForm client) {

        AttemptForm {
            Json.required(run, "run");
            if (resumeStep < 0 || resumeStep > MOST_STEPS) {
                throw new IllegalArgumentException("resume_step is not a step: " + resumeStep);
            }
        }

        String clientName() {
            return client == null ? "a trainer that gave no name" : client.text();
        }
    }

    private record ClientForm(String name, long pid, String host) {

        ClientForm {
            Json.required(name, "name");
            Json.required(host, "host");
            if (name.length() > MOST_NAME || host.length() > MOST_NAME) {
                throw new IllegalArgumentException(
                        "name and host have at most " + MOST_NAME + " characters");
            }
        }

        String text() {
            return name + ", process " + pid + " on " + host;
        }
    }

    private record StartedForm(
            String session, long resumeStep, Long attempt, long planFirstStep, PlanForm plan) {}

    private record SessionForm(String session) {

        SessionForm {
            Json.required(session, "session");
        }
    }

    private record SavedForm(String session, long nextStep) {

        SavedForm {
            Json.required(session, "session");
        }
    }

    private final Bridge bridge;
    private final Sessions sessions;

    AttemptRequests(Bridge bridge, Sessions sessions) {
        this.bridge = bridge;
        this.sessions = sessions;
    }

    /** {@code POST /v1/attempt}. */
    Answer attempt(Request request) {
        AttemptForm form = Json.read(request.body(), AttemptForm.class);
        if (!form.run().equals(bridge.spec().runId())) {
            throw new Refusal(
                    Refusal.Code.UNKNOWN_RUN,
                    "this bridge serves run " + bridge.spec().runId() + ", not " + form.run());
        }
        Session session;
        try {
            session = sessions.begin(request.connection(), form.clientName(), checkpoint(form));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.BAD_CHECKPOINT, e.getMessage());
        }
        TrainerCheckpoint start = session.relay().start();
        return Answer.ok(
                new StartedForm(
                        session.id(),
                        start.nextStep(),
                        Json.orNull(session.relay().attempt()),
                        start.planFirstStep(),
                        PlanForm.of(start.plan())));
    }

    /** {@code GET /v1/checkpoint}. */
    Answer checkpoint(Request request) {
        long nextStep = request.number("next_step");
        Session session = sessions.named(request.parameter("session"), request.connection());
        return Answer.ok(CheckpointForm.of(session.relay().checkpoint(nextStep)));
    }

    /** {@code POST /v1/saved}. */
    Answer saved(Request request) {
        SavedForm form = Json.read(request.body(), SavedForm.class);
        sessions.named(form.session(), request.connection())
                .relay()
                .checkpointSaved(form.nextStep());
        return Answer.ok(Map.of());
    }

    /** {@code POST /v1/finish}. */
    Answer finish(Request request) {
        SavedForm form = Json.read(request.body(), SavedForm.class);
        sessions.named(form.session(), request.connection()).relay().finish(form.nextStep());
        return Answer.ok(Map.of());
    }

    /** {@code POST /v1/detach}. */
    Answer detach(Request request) {
        SessionForm form = Json.read(request.body(), SessionForm.class);
        sessions.detach(form.session(), request.connection());
        return Answer.ok(Map.of());
    }

    private TrainerCheckpoint checkpoint(AttemptForm form) {
        if (form.checkpoint() == null) {
            return bridge.beginning(form.resumeStep());
        }
        TrainerCheckpoint checkpoint = form.checkpoint().checkpoint();
        if (checkpoint.nextStep() != form.resumeStep()) {
            throw new IllegalArgumentException(
                    "the attempt resumes at step "
                            + form.resumeStep()
                            + ", and its checkpoint at step "
                            + checkpoint.nextStep());
        }
        return checkpoint;
    }
}
