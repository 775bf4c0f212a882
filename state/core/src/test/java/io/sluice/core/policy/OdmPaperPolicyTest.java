package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;

class OdmPaperPolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("odm-paper");
    }
}
