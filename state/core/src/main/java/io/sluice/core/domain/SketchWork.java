package io.sluice.core.domain;

/**
 * What the sketches of a round are compared for beyond the alignments, because options of the run's
 * policy ask for it. Either compares every sketch with every other, so a run that asks for one has
 * one shard, and at most {@value #MOST_SUBJECTS} groups and targets.
 *
 * @param fisher damping of the empirical Fisher information under which influence is measured, in
 *     mean eigenvalues; 0 where influence is not asked for
 * @param gram whether the Gram matrix of the groups is asked for
 */
public record SketchWork(double fisher, boolean gram) {

    /** The option of a policy that asks for influence: the damping. */
    public static final String FISHER = "fisher";

    /** The option of a policy that asks for the Gram matrix: the price of redundancy. */
    public static final String REDUNDANCY = "redundancy";

    /** Most groups and targets, together: sketches are held at once, and solved with cubic cost. */
    public static final int MOST_SUBJECTS = 256;

    /** Nothing beyond the alignments. */
    public static final SketchWork NONE = new SketchWork(0, false);

    /** What the options of a policy ask for. */
    public static SketchWork of(PolicySpec policy) {
        return new SketchWork(
                Math.max(policy.options().getOrDefault(FISHER, 0.0), 0),
                policy.options().getOrDefault(REDUNDANCY, 0.0) > 0);
    }

    /** Whether anything is asked for. */
    public boolean isAny() {
        return gram || asksForInfluence();
    }

    /** Whether influence is asked for. */
    public boolean asksForInfluence() {
        return fisher > 0;
    }

    /** Whether whoever does this does the other as well. */
    public boolean covers(SketchWork other) {
        return (gram || !other.gram) && (other.fisher == 0 || other.fisher == fisher);
    }

    /**
     * This and the other at once.
     *
     * @throws IllegalArgumentException when they ask for different dampings
     */
    public SketchWork and(SketchWork other) {
        if (asksForInfluence() && other.asksForInfluence() && fisher != other.fisher) {
            throw new IllegalArgumentException(
                    "influence is measured under one damping a round: give "
                            + FISHER
                            + " "
                            + fisher
                            + ", or 0, instead of "
                            + other.fisher);
        }
        return new SketchWork(Math.max(fisher, other.fisher), gram || other.gram);
    }

    /**
     * @throws IllegalArgumentException when the run is too large for what it asks
     */
    public static void require(RunSpec spec) {
        if (!of(spec.policy()).isAny()) {
            return;
        }
        if (spec.shards() != 1) {
            throw refused(spec, "shards, whose sketches never meet: declare 1", spec.shards());
        }
        int subjects = spec.groups().size() + spec.targets().size();
        if (subjects > MOST_SUBJECTS) {
            throw refused(
                    spec, "groups and targets: merge them to at most " + MOST_SUBJECTS, subjects);
        }
    }

    private static IllegalArgumentException refused(RunSpec spec, String what, int count) {
        return new IllegalArgumentException(
                "policy "
                        + spec.policy().name()
                        + " compares every sketch with every other by its options "
                        + FISHER
                        + " and "
                        + REDUNDANCY
                        + ", and run "
                        + spec.runId()
                        + " has "
                        + count
                        + " "
                        + what
                        + ", or leave these options out");
    }
}
