package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {

    private static final int PERIOD = 8191;

    private final List<TensorSpec> tensors = ModelConfig.small().tensors();

    @Test
    void everyElementStandsInItsBucketOfTheSketch() {
        ParameterLayout layout = ParameterLayout.of(tensors, PERIOD);

        for (ParameterLayout.Place place : layout.places()) {
            assertThat(place.begin() % PERIOD)
                    .isEqualTo(
                            GradientSketch.firstBucket(Hashes.hash(place.tensor().name()), PERIOD));
        }
        assertThat(layout.length() % PERIOD).isZero();
    }

    @Test
    void gapsAreAFewPercentOfTheWeights() {
        ParameterLayout layout = ParameterLayout.of(tensors, PERIOD);

        assertThat(layout.length())
                .isLessThan((int) (1.15 * ModelConfig.small().parameters()) + PERIOD);
    }

    @Test
    void partsComeInTheOrderGivenWhateverTheirPlaces() {
        ParameterLayout layout = ParameterLayout.of(tensors, PERIOD);
        List<String> names = tensors.stream().map(TensorSpec::name).toList();

        assertThat(layout.part(new float[layout.length()]).keySet())
                .containsExactlyElementsOf(names);
        assertThat(layout.places().stream().map(place -> place.tensor().name()).toList())
                .isNotEqualTo(names);
    }

    @Test
    void partingUndoesJoining() {
        ParameterLayout layout = ParameterLayout.of(tensors, PERIOD);
        float[] joined = LanguageModel.initialValues(layout, 1);

        assertThat(layout.join(layout.part(joined))).isEqualTo(joined);
    }
}
