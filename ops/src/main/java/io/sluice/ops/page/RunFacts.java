package io.sluice.ops.page;

import java.util.List;

/**
 * What is known of a run before its first step.
 *
 * @param run name of the run
 * @param policy name of the policy that mixes
 * @param seed seed of the run
 * @param totalSteps planned steps
 * @param groups groups of training data, in the order of every weight array
 * @param targets held-out sets, in the order of every target index
 */
public record RunFacts(
        String run,
        String policy,
        long seed,
        long totalSteps,
        List<Group> groups,
        List<Target> targets) {

    /**
     * A group of training data.
     *
     * @param id name of the group
     * @param poor whether it is known to be poor, so that a reader can tell whether the run found
     *     out
     * @param prior share without evidence, in [0, 1]
     */
    public record Group(String id, boolean poor, double prior) {}

    /**
     * A held-out set.
     *
     * @param id name of the target
     * @param weight its part in the score
     * @param note one sentence for people, may be empty
     */
    public record Target(String id, double weight, String note) {}

    public RunFacts {
        if (totalSteps < 1) {
            throw new IllegalArgumentException("totalSteps is " + totalSteps + ", must be >= 1");
        }
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one group");
        }
    }
}
