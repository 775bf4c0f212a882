package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicTest {

    @Test
    void topicsAreNamedUnderThePrefix() {
        assertThat(Arrays.stream(Topic.values()).map(t -> t.name(Topic.DEFAULT_PREFIX)))
                .containsExactly(
                        "sluice.runs",
                        "sluice.telemetry",
                        "sluice.control",
                        "sluice.claims",
                        "sluice.plans",
                        "sluice.decisions",
                        "sluice.acks",
                        "sluice.seals",
                        "sluice.rejects");
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void onlyClaimsHasOnePartitionWhateverIsWanted(Topic topic) {
        assertThat(topic.partitions(8)).isEqualTo(topic == Topic.CLAIMS ? 1 : 8);
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void aTopicTakesTheLargestRecordAndIsNeverCompacted(Topic topic) {
        assertThat(Integer.parseInt(topic.settings().get("max.message.bytes")))
                .isGreaterThan(Contract.LARGE);
        assertThat(topic.settings()).containsEntry("cleanup.policy", "delete");
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {"RUNS", "CONTROL", "CLAIMS", "PLANS", "SEALS"})
    void whatARestartNeedsIsKeptForEver(Topic topic) {
        assertThat(topic.settings())
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1");
    }
}
