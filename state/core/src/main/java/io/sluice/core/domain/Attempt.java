package io.sluice.core.domain;

import java.util.List;

/**
 * One life of a run's trainer.
 *
 * @param runId the run
 * @param number offset of the record that announced it, so that nobody invents it and later is
 *     greater
 * @param specDigest digest of the run spec it trains under
 * @param resumeStep first step it will take
 * @param reporters processes that send signals of their own, sorted, at least one
 * @param inForce the plan that its checkpoint carried, or version 0 with the prior
 */
public record Attempt(
        String runId,
        long number,
        String specDigest,
        long resumeStep,
        List<String> reporters,
        Plan inForce) {

    /** Most reporters of an attempt. */
    public static final int MAX_REPORTERS = 4096;

    public Attempt {
        Ids.require(runId, "run");
        if (resumeStep < 0) {
            throw new IllegalArgumentException("resume step " + resumeStep + " is negative");
        }
        if (reporters.isEmpty() || reporters.size() > MAX_REPORTERS) {
            throw new IllegalArgumentException(
                    "an attempt has 1 to " + MAX_REPORTERS + " reporters, not " + reporters.size());
        }
        reporters = reporters.stream().sorted().distinct().toList();
    }
}
