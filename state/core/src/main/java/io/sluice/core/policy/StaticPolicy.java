package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;

/** Proposes the prior, always: the baseline that every other policy is measured against. */
public final class StaticPolicy implements MixingPolicy {

    static final String NAME = "static";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean comparesGradients() {
        return false;
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        Mixture prior = snapshot.spec().prior();
        double[] logWeights = new double[prior.size()];
        for (int j = 0; j < logWeights.length; j++) {
            logWeights[j] = StrictMath.log(prior.weight(j));
        }
        return new PolicyStep(
                logWeights, new double[prior.size()], new double[prior.size()], memory);
    }
}
