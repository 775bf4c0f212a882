package io.sluice.ops.inspect;

/**
 * A span of one attempt's sealed steps that use one plan.
 *
 * @param attempt the attempt
 * @param specDigest digest of the declaration it was sealed under
 * @param version version of the plan
 * @param digest its digest
 * @param from first step
 * @param through last step
 * @param shares the mixture; without groups when the seal that carries it is not in the log
 */
record SealedSteps(
        long attempt,
        String specDigest,
        long version,
        String digest,
        long from,
        long through,
        Shares shares) {}
