package io.sluice.ops.chaos;

import io.sluice.core.domain.RunSpec;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;

/** What makes two records the same signal. */
record SignalName(
        long attempt, long round, SubjectKind kind, String subject, String reporter, int part) {

    /** The signal that a bridge told of in the statement that closed its round. */
    static SignalName of(RunSpec spec, RoundClosed closed, SubjectOutcome outcome) {
        return new SignalName(
                closed.getAttempt(),
                closed.getRound(),
                outcome.getKind(),
                subject(spec, outcome.getKind(), outcome.getIndex()),
                closed.getReporter(),
                outcome.getPart());
    }

    /** Identifier of a group or target. */
    static String subject(RunSpec spec, SubjectKind kind, int index) {
        return kind == SubjectKind.TARGET
                ? spec.targets().get(index).id().value()
                : spec.groups().get(index).id().value();
    }

    static SignalName of(GroupSignal signal) {
        return new SignalName(
                signal.getAttempt(),
                signal.getRound(),
                signal.getKind(),
                signal.getSubject(),
                signal.getReporter(),
                signal.getPart());
    }
}
