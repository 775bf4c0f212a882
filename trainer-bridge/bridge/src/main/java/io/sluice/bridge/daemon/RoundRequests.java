package io.sluice.bridge.daemon;

import io.sluice.core.domain.RunSpec;

/** What a trainer measured. */
final class RoundRequests {

    private record TakenForm(int taken, int dropped) {}

    private record QueuedForm(boolean queued) {}

    private final RunSpec spec;
    private final Sessions sessions;

    RoundRequests(RunSpec spec, Sessions sessions) {
        this.spec = spec;
        this.sessions = sessions;
    }

    /** {@code POST /v1/signals}. */
    Answer signals(Request request) {
        if (!request.contentType().equals(SignalForm.CONTENT_TYPE)) {
            throw new Refusal(
                    Refusal.Code.MALFORMED,
                    "signals come as "
                            + SignalForm.CONTENT_TYPE
                            + ", not "
                            + request.contentType());
        }
        SignalForm form = SignalForm.read(request.body(), spec);
        Session session = sessions.named(form.session(), request.connection());
        int dropped = session.round().add(form.round(), form.signals());
        return Answer.ok(new TakenForm(form.signals().size() - dropped, dropped));
    }

    /** {@code POST /v1/round}. */
    Answer round(Request request) {
        RoundForm form = Json.read(request.body(), RoundForm.class);
        Session session = sessions.named(form.session(), request.connection());
        try {
            return Answer.ok(new QueuedForm(session.round().end(form.report(spec))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.BAD_SIGNAL, e.getMessage());
        }
    }
}
