package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import java.util.Map;

/** The branch of the paper, whose weights are a step from those before. */
class AioliCumulativePolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("aioli", Map.of("accumulate", 1.0, "rest", 5.0));
    }

    /** Probes are drawn in an order of their own. */
    @Override
    boolean treatsGroupsAlike() {
        return false;
    }
}
