package io.sluice.core.sequence;

import io.sluice.core.domain.Plan;

/**
 * A bridge's answer to a plan.
 *
 * @param runId the run
 * @param attempt the bridge's current attempt
 * @param offeredVersion version of the plan that was offered
 * @param offeredDigest its digest
 * @param offeredEpoch its epoch
 * @param verdict accepted, or why not
 * @param inForce the plan in force after the answer
 */
public record PlanAck(
        String runId,
        long attempt,
        long offeredVersion,
        String offeredDigest,
        long offeredEpoch,
        Verdict verdict,
        Plan inForce) {

    /** What became of an offered plan. */
    public enum Verdict {
        ACCEPTED,
        /** The very plan in force, again. */
        REPEATED,
        /** Its epoch lies below the highest seen. */
        STALE_EPOCH,
        /** Made for another attempt. */
        OTHER_ATTEMPT,
        /** Made for another run spec. */
        OTHER_SPEC,
        /** Its version is not above the one in force. */
        STALE_VERSION,
        /** It does not follow the plan in force. */
        WRONG_BASE,
        /** Its mixture breaks the run's groups or bounds. */
        BAD_MIXTURE
    }
}
