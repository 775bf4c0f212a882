package io.sluice.core.testing;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.sketch.BFloat16;
import java.util.List;

/** What the reporters of one attempt would send. */
public final class TestingSignals {

    private final RunSpec spec;
    private final Attempt attempt;

    public TestingSignals(RunSpec spec, Attempt attempt) {
        this.spec = spec;
        this.attempt = attempt;
    }

    /** A signal over a whole round, with a loss of 2 nats on every token. */
    public Signal signal(
            long round,
            Subject subject,
            String reporter,
            int part,
            long tokens,
            long sequences,
            float[] gradientSum) {
        return new Signal(
                spec.runId(),
                spec.digest(),
                attempt.number(),
                round,
                subject,
                reporter,
                part,
                firstStep(round),
                spec.rounds().lastStep(round),
                subject.isGroup() ? List.of(new Signal.PlanTokens(0, tokens)) : List.of(),
                tokens,
                sequences,
                2.0 * tokens,
                4.0 * tokens,
                BFloat16.encode(gradientSum));
    }

    /** A statement that these outcomes are all there was. */
    public RoundClosed closed(long round, String reporter, List<SubjectOutcome> outcomes) {
        return new RoundClosed(
                spec.runId(),
                spec.digest(),
                attempt.number(),
                round,
                reporter,
                firstStep(round),
                spec.rounds().lastStep(round),
                outcomes,
                1e-3,
                List.of(),
                0);
    }

    /** The log has this signal. */
    public SubjectOutcome acknowledged(Signal signal) {
        return outcome(signal, Outcome.ACKNOWLEDGED);
    }

    /** What became of this signal. */
    public SubjectOutcome outcome(Signal signal, Outcome outcome) {
        return new SubjectOutcome(
                signal.subject().kind(), spec.indexOf(signal.subject()), signal.part(), outcome);
    }

    private long firstStep(long round) {
        return Math.max(spec.rounds().firstStep(round), attempt.resumeStep());
    }
}
