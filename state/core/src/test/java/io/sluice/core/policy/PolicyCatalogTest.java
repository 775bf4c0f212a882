package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyCatalogTest {

    @Test
    void createsEveryPolicyItNames() {
        for (String name : PolicyCatalog.names()) {
            MixingPolicy policy = PolicyCatalog.create(run(PolicySpec.of(name)).build());
            assertThat(policy.name()).isEqualTo(name);
        }
    }

    @Test
    void refusesWhatItCannotServe() {
        assertRefused(run(PolicySpec.of("nobody")), "no policy is called 'nobody'");
        assertRefused(run(PolicySpec.of("dga", Map.of("etta", 1.0))), "has no option 'etta'");
        assertRefused(run(PolicySpec.of("dga", Map.of("eta", -1.0))), "eta -1.0");
        assertRefused(
                TestingRun.ofPriors(0.5, 0.5).policy(PolicySpec.of("dga")), "declare a target");
    }

    private static TestingRun run(PolicySpec policy) {
        return TestingRun.ofPriors(0.5, 0.5).target("t", 1).policy(policy);
    }

    private static void assertRefused(TestingRun run, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(run.build()))
                .withMessageContaining(message);
    }
}
