package io.sluice.ops.inspect;

import io.sluice.schemas.AttemptStarted;

/**
 * One life of a run's trainer.
 *
 * @param number its number
 * @param resumeStep first step it takes
 * @param version version of the plan that its checkpoint carried; 0 is the prior
 * @param digest digest of that plan
 */
public record AttemptLine(long number, long resumeStep, long version, String digest) {

    static AttemptLine of(Entry entry, AttemptStarted started) {
        return new AttemptLine(
                entry.offset(),
                started.getResumeStep(),
                started.getInForce().getVersion(),
                started.getInForce().getDigest());
    }
}
