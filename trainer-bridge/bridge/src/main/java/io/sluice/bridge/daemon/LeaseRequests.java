package io.sluice.bridge.daemon;

import io.sluice.bridge.RelaySession;
import io.sluice.bridge.SealedSpan;
import io.sluice.bridge.StepPlan;
import io.sluice.core.domain.GroupId;
import java.util.List;
import java.util.Map;

/** Steps with their plans. */
final class LeaseRequests {

    private record LeaseForm(
            String session, long step, long fromStep, long throughStep, Long knownVersion) {

        LeaseForm {
            Json.required(session, "session");
        }

        boolean knows(long version) {
            return knownVersion != null && knownVersion == version;
        }
    }

    private record LeasedForm(
            List<SpanForm> spans, long sealedThrough, Long attempt, String state) {}

    private record SpanForm(long from, long through, long version, long firstStep, PlanForm plan) {}

    private record StepForm(
            long step, long version, Map<String, Double> weights, List<String> draws) {}

    private final Sessions sessions;

    LeaseRequests(Sessions sessions) {
        this.sessions = sessions;
    }

    /** {@code POST /v1/lease}. */
    Answer lease(Request request) {
        LeaseForm form = Json.read(request.body(), LeaseForm.class);
        RelaySession relay = sessions.named(form.session(), request.connection()).relay();
        List<SealedSpan> spans = relay.lease(form.fromStep(), form.throughStep());
        relay.underWay(form.step());
        return Answer.ok(
                new LeasedForm(
                        spans.stream().map(span -> form(span, form)).toList(),
                        relay.sealedThrough(),
                        Json.orNull(relay.attempt()),
                        Json.lowerCase(relay.state().name())));
    }

    /** {@code GET /v1/step}. */
    Answer step(Request request) {
        long step = request.number("step");
        RelaySession relay =
                sessions.named(request.parameter("session"), request.connection()).relay();
        StepPlan plan = relay.plan(step);
        relay.underWay(step);
        return Answer.ok(
                new StepForm(
                        plan.step(),
                        plan.version(),
                        PlanForm.weights(plan.mixture()),
                        plan.draws().stream().map(GroupId::value).toList()));
    }

    private static SpanForm form(SealedSpan span, LeaseForm asked) {
        long version = span.plan().version();
        return new SpanForm(
                span.from(),
                span.through(),
                version,
                span.firstStep(),
                asked.knows(version) ? null : PlanForm.of(span.plan()));
    }
}
