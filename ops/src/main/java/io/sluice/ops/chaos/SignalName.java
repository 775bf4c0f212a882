package io.sluice.ops.chaos;

import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.SubjectKind;

/** What makes two records the same signal. */
record SignalName(
        long attempt, long round, SubjectKind kind, String subject, String reporter, int part) {

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
