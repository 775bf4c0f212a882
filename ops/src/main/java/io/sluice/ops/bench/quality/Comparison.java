package io.sluice.ops.bench.quality;

import io.sluice.ops.bench.quality.QualityResult.Curve;
import io.sluice.ops.bench.quality.QualityResult.Row;
import io.sluice.ops.bench.quality.QualityResult.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Compares finished runs with the uniform runs of the same regime and seed. */
final class Comparison {

    /** Points of a trace of mixtures. */
    private static final int TRACE_POINTS = 40;

    private final QualityCorpus corpus;
    private final QualityOptions options;
    private final Map<TrainingRun, RunRecord> records;

    Comparison(QualityCorpus corpus, QualityOptions options, Map<TrainingRun, RunRecord> records) {
        this.corpus = corpus;
        this.options = options;
        this.records = records;
    }

    /** What a regime is steered to, among the targets that were asked for. */
    static List<String> targets(Regime regime, QualityCorpus corpus, QualityOptions options) {
        return regime.targets(corpus).stream()
                .filter(id -> options.targets().isEmpty() || options.targets().contains(id))
                .toList();
    }

    QualityResult result() {
        List<Row> rows = new ArrayList<>();
        List<Curve> curves = new ArrayList<>();
        List<Trace> traces = new ArrayList<>();
        for (Regime regime : options.regimes()) {
            List<RunRecord> uniform = ofAllSeeds(regime, "", PolicyVariant.UNIFORM.label());
            addCurves(curves, regime, "", PolicyVariant.UNIFORM.label(), uniform);
            for (PolicyVariant policy : options.policies()) {
                for (String steeredTo : steeredTo(regime, policy)) {
                    List<RunRecord> runs = ofAllSeeds(regime, steeredTo, policy.label());
                    for (QualityCorpus.Target target : corpus.targets()) {
                        rows.add(row(regime, steeredTo, policy, target.id(), runs, uniform));
                    }
                    if (!policy.isUniform()) {
                        addCurves(curves, regime, steeredTo, policy.label(), runs);
                        traces.add(trace(regime, steeredTo, policy, runs));
                    }
                }
            }
        }
        return QualityResult.here(corpus, options, rows, curves, traces);
    }

    private Row row(
            Regime regime,
            String steeredTo,
            PolicyVariant policy,
            String task,
            List<RunRecord> runs,
            List<RunRecord> uniform) {
        long steps = options.setting().steps();
        double compute = new RunDeclaration(policy, options.setting()).compute(pool(regime).size());
        double[] losses = values(runs, run -> run.finalLoss(task));
        double[] equalTokens = values(uniform, run -> run.finalLoss(task));
        double[] equalCompute = values(uniform, run -> run.losses().get(task).at(steps * compute));
        LossCurve mean = LossCurve.mean(runs.stream().map(run -> run.losses().get(task)).toList());
        return new Row(
                regime.text(),
                steeredTo,
                policy.label(),
                task,
                steeredTo.isEmpty()
                        ? regime.targets(corpus).contains(task)
                                && task.equals(QualityCorpus.HELD_OUT)
                        : task.equals(steeredTo),
                mean(losses),
                mean(equalTokens),
                PairedDelta.of(losses, equalTokens),
                compute,
                mean(values(runs, RunRecord::cpuSecondsPerStep))
                        / mean(values(uniform, RunRecord::cpuSecondsPerStep)),
                mean(equalCompute),
                PairedDelta.of(losses, equalCompute),
                mean.reaches(mean(equalTokens)).stream()
                        .mapToObj(step -> step / steps)
                        .findFirst()
                        .orElse(null),
                meanOf(runs, run -> run.mixtureAt(steps)),
                meanOf(runs, RunRecord::epochs));
    }

    private List<QualityCorpus.Group> pool(Regime regime) {
        return regime.pool()
                .groups(corpus, options.setting().steps() * QualitySetting.bytesPerStep());
    }

    private List<String> steeredTo(Regime regime, PolicyVariant policy) {
        return new RunDeclaration(policy, options.setting()).needsGradients()
                ? targets(regime, corpus, options)
                : List.of("");
    }

    private List<RunRecord> ofAllSeeds(Regime regime, String steeredTo, String policy) {
        List<RunRecord> runs = new ArrayList<>();
        for (long seed = options.firstSeed();
                seed < options.firstSeed() + options.seeds();
                seed++) {
            runs.add(records.get(new TrainingRun(regime.pool(), steeredTo, policy, seed)));
        }
        return runs;
    }

    private void addCurves(
            List<Curve> curves,
            Regime regime,
            String steeredTo,
            String policy,
            List<RunRecord> runs) {
        for (QualityCorpus.Target target : corpus.targets()) {
            LossCurve mean =
                    LossCurve.mean(runs.stream().map(run -> run.losses().get(target.id())).toList())
                            .through(options.setting().steps());
            curves.add(
                    new Curve(
                            regime.text(),
                            steeredTo,
                            policy,
                            target.id(),
                            mean.steps(),
                            mean.losses()));
        }
    }

    /** The mixture over the run, mean over the seeds. */
    private Trace trace(
            Regime regime, String steeredTo, PolicyVariant policy, List<RunRecord> runs) {
        List<Long> steps = new ArrayList<>();
        List<SortedMap<String, Double>> mixtures = new ArrayList<>();
        for (int point = 0; point < TRACE_POINTS; point++) {
            long step = options.setting().steps() * point / TRACE_POINTS;
            steps.add(step);
            mixtures.add(meanOf(runs, run -> run.mixtureAt(step)));
        }
        return new Trace(regime.text(), steeredTo, policy.label(), steps, mixtures);
    }

    private static double[] values(List<RunRecord> runs, Function<RunRecord, Double> value) {
        return runs.stream().mapToDouble(value::apply).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static SortedMap<String, Double> meanOf(
            List<RunRecord> runs, Function<RunRecord, SortedMap<String, Double>> values) {
        TreeMap<String, Double> mean = new TreeMap<>();
        for (RunRecord run : runs) {
            values.apply(run)
                    .forEach((group, value) -> mean.merge(group, value / runs.size(), Double::sum));
        }
        return mean;
    }
}
