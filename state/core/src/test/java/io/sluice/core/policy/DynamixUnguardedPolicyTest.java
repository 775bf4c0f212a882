package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import java.util.Map;

/** The published form, which trusts every difference of progress. */
class DynamixUnguardedPolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("dynamix", Map.of("guard", 0.0));
    }
}
