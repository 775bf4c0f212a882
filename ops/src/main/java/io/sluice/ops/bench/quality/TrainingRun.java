package io.sluice.ops.bench.quality;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One training run of the benchmark. Regimes of one pool share their runs.
 *
 * @param pool what is mixed
 * @param steeredTo the target that is steered to; empty for policies that look at no target
 * @param policy label of the policy
 * @param seed seed of weights, rows and draws
 */
record TrainingRun(Pool pool, String steeredTo, String policy, long seed) {

    /** Name of the file that keeps its record. */
    String fileName() {
        String words =
                String.join(
                        "~",
                        pool.text(),
                        steeredTo.isEmpty() ? "none" : steeredTo,
                        policy,
                        Long.toString(seed));
        return URLEncoder.encode(words, StandardCharsets.UTF_8) + ".json";
    }

    @Override
    public String toString() {
        return policy
                + (steeredTo.isEmpty() ? "" : " to " + steeredTo)
                + " on "
                + pool.text()
                + " groups, seed "
                + seed;
    }
}
