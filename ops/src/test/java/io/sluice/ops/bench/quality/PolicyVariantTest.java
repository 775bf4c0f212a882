package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.sluice.ops.bench.quality.PolicyVariant.Setting;
import org.junit.jupiter.api.Test;

class PolicyVariantTest {

    @Test
    void aNameAloneHasTheStandardSettings() {
        PolicyVariant variant = PolicyVariant.parse("slope-eg");

        assertThat(variant.policy().name()).isEqualTo("slope-eg");
        assertThat(variant.policy().options()).isEmpty();
        assertThat(variant.settings()).isEqualTo(PolicyVariant.UNIFORM.settings());
        assertThat(variant.isUniform()).isFalse();
        assertThat(PolicyVariant.UNIFORM.isUniform()).isTrue();
    }

    @Test
    void settingsAndOptionsAreToldApart() {
        PolicyVariant variant = PolicyVariant.parse("dga:eta=0.2:prior-pull=0.05:round-steps=50");

        assertThat(variant.policy().options()).containsExactly(entry("eta", 0.2));
        assertThat(variant.guards(1).priorPull()).isEqualTo(0.05);
        assertThat(variant.rounds().steps()).isEqualTo(50);
        assertThat(variant.get(Setting.MAX_KL))
                .isEqualTo(PolicyVariant.UNIFORM.get(Setting.MAX_KL));
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> PolicyVariant.parse("magic"))
                .hasMessageContaining("no policy is called 'magic'");
        assertThatThrownBy(() -> PolicyVariant.parse("dga:eta=much"))
                .hasMessageContaining("'much' in the policy 'dga:eta=much' is not a number");
        assertThatThrownBy(() -> PolicyVariant.parse("dga:"))
                .hasMessageContaining("is not a number");
    }
}
