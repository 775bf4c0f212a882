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
                        "sluice.rejects",
                        "sluice.catalogs",
                        "sluice.candidates",
                        "sluice.documents",
                        "sluice.supply");
    }

    @Test
    void aGroupOfACatalogHasAKeyOfItsOwn() {
        assertThat(Topic.catalogKey("web/2026", "en")).isEqualTo("web/2026:en");
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void onlyClaimsHasOnePartitionWhateverIsWanted(Topic topic) {
        assertThat(topic.partitions(8)).isEqualTo(topic == Topic.CLAIMS ? 1 : 8);
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void aTopicTakesTheLargestRecordAndOnlySupplyIsCompacted(Topic topic) {
        assertThat(Integer.parseInt(topic.settings().get("max.message.bytes")))
                .isGreaterThan(Contract.LARGE);
        assertThat(topic.settings())
                .containsEntry("cleanup.policy", topic == Topic.SUPPLY ? "compact" : "delete");
    }

    @ParameterizedTest
    @EnumSource(
            value = Topic.class,
            names = {"RUNS", "CONTROL", "CLAIMS", "PLANS", "SEALS", "CATALOGS", "SUPPLY"})
    void whatARestartNeedsIsKeptForEver(Topic topic) {
        assertThat(topic.settings())
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1");
    }
}
