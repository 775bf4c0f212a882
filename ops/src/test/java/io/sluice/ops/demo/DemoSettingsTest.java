package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.djl.CorpusManifest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoSettingsTest {

    private static final GroupId LATE = new GroupId(DemoSettings.LATE_GROUP);

    private final CorpusManifest corpus = CorpusManifest.read(Path.of("corpus/manifest.json"));

    @Test
    void theStreamedRunFollowsACatalogThatHasYetToNameTheLateGroup() {
        RunSpec run = DemoSettings.streamedRun(DemoSettings.streamed(corpus), "demo", "static", 1);

        assertThat(run.catalog()).hasValue("demo");
        assertThat(run.groups())
                .filteredOn(GroupSpec::dormant)
                .extracting(GroupSpec::id)
                .containsExactly(LATE);
        assertThat(run.prior().weight(LATE)).isZero();
    }

    @Test
    void thePlainRunHasAllGroupsFromTheStart() {
        RunSpec run = DemoSettings.run(corpus, "static", 1);

        assertThat(run.catalog()).isEmpty();
        assertThat(run.groups()).noneMatch(GroupSpec::dormant).hasSize(corpus.groups().size());
    }
}
