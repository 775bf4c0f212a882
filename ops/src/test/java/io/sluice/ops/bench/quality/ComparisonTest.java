package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.ops.bench.quality.QualityResult.Row;
import io.sluice.ops.bench.quality.RunRecord.MixtureFrom;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final QualitySetting SETTING = new QualitySetting("testing", 100, 50);

    private final QualityCorpus corpus = TestingCorpus.corpus();
    private final Map<TrainingRun, RunRecord> records = new HashMap<>();

    @Test
    void pairsEachRunWithTheUniformRunOfItsSeedAndRegime() {
        uniform(1, 2.0, 2.0, 2.0);
        uniform(2, 4.0, 4.0, 4.0);
        put("slope-eg", "", 1, 1.9);
        put("slope-eg", "", 2, 3.6);

        Row row = compare("slope-eg", 2).get(0);

        assertThat(row.task()).isEqualTo("held_out");
        assertThat(row.steered()).isTrue();
        assertThat(row.loss()).isEqualTo(2.75, within(1e-12));
        assertThat(row.lossUniform()).isEqualTo(3, within(1e-12));
        // -5 % and -10 %
        assertThat(row.delta().mean()).isEqualTo(-0.075, within(1e-12));
    }

    @Test
    void atEqualComputeUniformGoesOn() {
        uniform(1, 2.2, 2.0, 1.0);
        put("dga", "held_out", 1, 1.9);

        Row row = compare("dga", 1).get(0);

        double compute = new RunDeclaration(PolicyVariant.parse("dga"), SETTING).compute(2);
        assertThat(row.compute()).isEqualTo(compute);
        // From 2.0 at step 100 uniform falls to 1.0 at step 150.
        assertThat(row.lossUniform()).isEqualTo(2.0, within(1e-12));
        assertThat(row.lossUniformEqualCompute()).isEqualTo(2.0 - (compute - 1) * 2, within(1e-12));
        assertThat(row.deltaEqualCompute().mean()).isGreaterThan(row.delta().mean());
    }

    @Test
    void tellsAfterWhichShareOfTheTokensUniformIsReached() {
        uniform(1, 3.0, 2.0, 2.0);
        records.put(new TrainingRun(Pool.USEFUL, "held_out", "dga", 1), record(2.5, 1.5, 1.5));

        // 2.5 at step 50, 1.5 at step 100: 2.0 at step 75.
        assertThat(compare("dga", 1).get(0).tokensRatioToUniform()).isEqualTo(0.75, within(1e-12));

        records.put(new TrainingRun(Pool.USEFUL, "held_out", "dga", 1), record(2.5, 2.1, 2.1));
        assertThat(compare("dga", 1).get(0).tokensRatioToUniform()).isNull();
    }

    @Test
    void tasksThatARunIsNotForAreReportedAsSuch() {
        uniform(1, 2.0, 2.0, 2.0);
        put("dga", "held_out", 1, 1.9);

        List<Row> rows = compare("dga", 1);

        assertThat(rows.stream().map(Row::task)).containsExactly("held_out", "river");
        assertThat(rows.get(1).steered()).isFalse();
    }

    private List<Row> compare(String policy, int seeds) {
        QualityOptions options =
                new QualityOptions(
                        Path.of("corpus"),
                        SETTING,
                        List.of(Regime.ABUNDANT),
                        List.of(),
                        List.of(PolicyVariant.parse(policy)),
                        1,
                        seeds,
                        Path.of("work"),
                        1);
        return new Comparison(corpus, options, records).result().rows();
    }

    private void uniform(long seed, double first, double atEnd, double beyond) {
        records.put(new TrainingRun(Pool.USEFUL, "", "static", seed), record(first, atEnd, beyond));
    }

    private void put(String policy, String steeredTo, long seed, double loss) {
        records.put(
                new TrainingRun(Pool.USEFUL, steeredTo, policy, seed), record(loss, loss, loss));
    }

    private static RunRecord record(double... losses) {
        LossCurve curve =
                new LossCurve(List.of(50L, 100L, 150L), List.of(losses[0], losses[1], losses[2]));
        return new RunRecord(
                SETTING.steps(),
                new TreeMap<>(Map.of("held_out", curve, "river", curve)),
                List.of(new MixtureFrom(0, new TreeMap<>(Map.of("gates", 0.5, "mills", 0.5)))),
                new TreeMap<>(Map.of("gates", 1.0, "mills", 1.0)),
                1);
    }
}
