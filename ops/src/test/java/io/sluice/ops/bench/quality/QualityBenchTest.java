package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import io.sluice.ops.bench.quality.QualityResult.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real training, of a few steps. */
class QualityBenchTest {

    private static final QualitySetting SETTING = new QualitySetting("testing", 8, 4);

    @TempDir Path work;

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @Test
    void trainsComparesAndGoesOnWhereItWas() throws Exception {
        QualityResult result = bench(List.of(), "static", "slope-eg", "dga").run().orElseThrow();

        assertThat(result.rows()).hasSize(3 * 2).allMatch(row -> row.loss() > 0);
        Row uniform = result.rows().get(0);
        assertThat(uniform.policy()).isEqualTo("static");
        assertThat(uniform.delta().mean()).isZero();
        assertThat(uniform.mixture().values()).allMatch(share -> share == 1.0 / 8);
        assertThat(uniform.epochs().values()).allMatch(epochs -> epochs > 0);
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("3 runs, 0 of them finished before")
                .contains("[3/3]");
        progress.reset();

        QualityResult again = bench(List.of(), "static", "slope-eg", "dga").run().orElseThrow();

        assertThat(again).isEqualTo(result);
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("3 runs, 3 of them finished before")
                .doesNotContain("[");
    }

    @Test
    void whatIsStoppedIsNotKept() throws Exception {
        QualityBench bench = bench(List.of(), "slope-eg");
        bench.stop();

        Optional<QualityResult> result = bench.run();

        assertThat(result).isEmpty();
        assertThat(work.toFile().list()).containsExactly("conditions.json");
    }

    @Test
    void anUnknownTargetIsNamedWithThoseThatThereAre() {
        assertThatThrownBy(() -> bench(List.of("mars"), "dga").run())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no target 'mars'")
                .hasMessageContaining("held_out, pt");
    }

    private QualityBench bench(List<String> targets, String... policies) {
        return new QualityBench(
                new QualityOptions(
                        Path.of("corpus"),
                        SETTING,
                        List.of(Regime.ABUNDANT),
                        targets,
                        List.of(policies).stream().map(PolicyVariant::parse).toList(),
                        1,
                        1,
                        work,
                        2),
                new PrintStream(progress, true, StandardCharsets.UTF_8));
    }
}
