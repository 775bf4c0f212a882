package io.sluice.ops.inspect;

import io.sluice.schemas.Decision;
import io.sluice.schemas.HoldReason;

/**
 * A decision in short.
 *
 * @param attempt the attempt it was made for
 * @param firstRound equals {@code round}, unless rounds were given up together
 * @param round its round
 * @param throughStep last step of the round
 * @param hold why nothing changed; NONE when a plan was made
 * @param message the same in a sentence; empty when a plan was made
 * @param planVersion version of the plan that was made; -1 when none was
 * @param planDigest its digest; empty when none was made
 * @param effectiveStep first step from which that plan may hold; -1 when none was made
 * @param absentReporters reporters of the attempt that are not in the round
 */
public record DecisionLine(
        long attempt,
        long firstRound,
        long round,
        long throughStep,
        HoldReason hold,
        String message,
        long planVersion,
        String planDigest,
        long effectiveStep,
        int absentReporters) {

    static DecisionLine of(Decision decision) {
        return new DecisionLine(
                decision.getAttempt(),
                decision.getFirstRound(),
                decision.getRound(),
                decision.getThroughStep(),
                decision.getHold(),
                decision.getHoldMessage(),
                decision.getPlanVersion(),
                decision.getPlanDigest(),
                decision.getEffectiveStep(),
                MissingReporters.count(decision));
    }

    /** Whether the decision made a plan. */
    public boolean madePlan() {
        return hold == HoldReason.NONE;
    }
}
