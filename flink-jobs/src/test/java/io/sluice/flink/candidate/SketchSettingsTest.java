package io.sluice.flink.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schemas.CatalogGroupState;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** A stored index is good for one setting of sketches only. */
class SketchSettingsTest {

    private static final String TEXT = "the quick brown fox jumps over the lazy dog";

    @Test
    void aSnapshotWithOtherSketchesIsRefusedAndSaysWhatToDo() throws Exception {
        for (Map<String, Double> other :
                List.of(
                        Map.of("shingle-words", 4.0),
                        Map.of("hashes", 128.0),
                        Map.of("bands", 7.0),
                        Map.of("rows", 3.0))) {
            CandidateStages stages = new CandidateStages(Map.of());
            stages.announce("en", CatalogGroupState.ACTIVE);
            stages.offer(0, CandidateStages.document("a", "en", TEXT));
            assertThatThrownBy(() -> stages.restart(other))
                    .isInstanceOf(SuppressRestartsException.class)
                    .cause()
                    .hasMessageContaining(
                            "made with shingle-words=5 hashes=192 bands=8 rows=4 seed=1")
                    .hasMessageContaining(other.keySet().iterator().next() + "=")
                    .hasMessageContaining("start it with the old settings");
        }
    }

    @Test
    void otherSettingsMayChange() throws Exception {
        try (CandidateStages stages = new CandidateStages(Map.of())) {
            stages.announce("en", CatalogGroupState.ACTIVE);
            stages.offer(0, CandidateStages.document("a", "en", TEXT));
            stages.restart(Map.of("near", 0.9, "keep-share", 0.25));
            stages.offer(1, CandidateStages.document("b", "en", TEXT));
            assertThat(stages.admitted).hasSize(1);
            assertThat(stages.rejected).hasSize(1);
        }
    }
}
