package io.sluice.core.policy;

/**
 * A model that says how much more or less of each group to draw, learnt or written elsewhere. The
 * same features must give the same scores, whatever else the model does: decisions are replayed.
 */
@FunctionalInterface
public interface ProposalModel {

    /**
     * One score for each group.
     *
     * @param features {@code features[group][feature]}, features in the order of {@link
     *     GroupFeature}; all of them finite
     * @return one finite number a group, positive for more of it; beyond 10 either way counts as 10
     */
    double[] scores(double[][] features);
}
