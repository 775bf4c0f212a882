package io.sluice.ops.bench.quality;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the benchmark found; written as JSON with these names.
 *
 * @param benchmark its name
 * @param corpus the corpus
 * @param setting length of the runs, seeds, model and bytes of a policy's run
 * @param machine what it ran on
 * @param rows one row per regime, steered target, policy and measured task
 * @param poorGroups groups that the corpus calls poor
 * @param curves losses over the runs, mean over the seeds
 * @param traces mixtures over the runs, mean over the seeds
 */
@JsonNaming(SnakeCaseStrategy.class)
public record QualityResult(
        String benchmark,
        String corpus,
        SortedMap<String, Object> setting,
        SortedMap<String, Object> machine,
        List<Row> rows,
        List<String> poorGroups,
        List<Curve> curves,
        List<Trace> traces) {

    /**
     * One policy against uniform on one task.
     *
     * @param regime the regime
     * @param steeredTo the target that the run was steered to; empty for a policy that looks at
     *     none
     * @param policy the policy
     * @param task the target that was measured
     * @param steered whether the run is for this task: it was steered to it, or looks at no target
     *     and the regime is about the groups' own held-out texts
     * @param loss final loss in nats per byte, mean over the seeds
     * @param lossUniform that of the uniform runs after as many tokens
     * @param delta relative change against it, with its paired 95 % interval
     * @param compute compute of the policy's run in that of a uniform run of as many tokens: passes
     *     over rows, and sketches
     * @param cpu processor time of a step in that of a uniform run's step, as measured here
     * @param lossUniformEqualCompute loss of the uniform runs after as much compute
     * @param deltaEqualCompute relative change against that
     * @param tokensRatioToUniform tokens after which the mean curve is as low as uniform's at the
     *     end, as a share of all tokens; absent when it never is
     * @param mixture the last mixture, mean over the seeds
     * @param epochs passes over each group, mean over the seeds
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Row(
            String regime,
            String steeredTo,
            String policy,
            String task,
            boolean steered,
            double loss,
            double lossUniform,
            PairedDelta delta,
            double compute,
            double cpu,
            double lossUniformEqualCompute,
            PairedDelta deltaEqualCompute,
            Double tokensRatioToUniform,
            SortedMap<String, Double> mixture,
            SortedMap<String, Double> epochs) {}

    /** The mean loss of a task over the runs of one policy. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Curve(
            String regime,
            String steeredTo,
            String policy,
            String task,
            List<Long> steps,
            List<Double> losses) {}

    /** The mean mixture over the runs of one policy. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Trace(
            String regime,
            String steeredTo,
            String policy,
            List<Long> steps,
            List<SortedMap<String, Double>> mixtures) {}

    /** A result on this machine. */
    static QualityResult here(
            QualityCorpus corpus,
            QualityOptions options,
            List<Row> rows,
            List<Curve> curves,
            List<Trace> traces) {
        TreeMap<String, Object> setting = new TreeMap<>();
        setting.put("name", options.setting().name());
        setting.put("steps", options.setting().steps());
        setting.put("bytes", options.setting().steps() * QualitySetting.bytesPerStep());
        setting.put("first_seed", options.firstSeed());
        setting.put("seeds", options.seeds());
        setting.put("jobs", options.jobs());
        TreeMap<String, Object> machine = new TreeMap<>();
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return new QualityResult(
                "quality",
                corpus.name(),
                setting,
                machine,
                rows,
                corpus.groups().stream()
                        .filter(QualityCorpus.Group::poor)
                        .map(QualityCorpus.Group::id)
                        .toList(),
                curves,
                traces);
    }

    /** The rows that the runs are for, as lines for people. */
    @JsonIgnore
    public String text() {
        List<Row> shown = rows.stream().filter(Row::steered).toList();
        int width = shown.stream().mapToInt(row -> row.policy().length()).max().orElse(1);
        String line = "%-13s %-12s %-" + width + "s %8s %8s  %-24s  %-24s %7s%n";
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        line,
                        "regime",
                        "task",
                        "policy",
                        "loss",
                        "uniform",
                        "change, equal tokens",
                        "change, equal compute",
                        "tokens"));
        for (Row row : shown) {
            text.append(
                    String.format(
                            line,
                            row.regime(),
                            row.task(),
                            row.policy(),
                            String.format("%.4f", row.loss()),
                            String.format("%.4f", row.lossUniform()),
                            percent(row.delta()),
                            percent(row.deltaEqualCompute()),
                            row.tokensRatioToUniform() == null
                                    ? "never"
                                    : String.format("%.0f %%", 100 * row.tokensRatioToUniform())));
        }
        text.append("  with ").append(setting).append(System.lineSeparator());
        text.append("  on ").append(machine).append(System.lineSeparator());
        return text.toString();
    }

    private static String percent(PairedDelta delta) {
        return delta.low() == null
                ? String.format("%+.2f %%", 100 * delta.mean())
                : String.format(
                        "%+.2f %% [%+.2f, %+.2f]",
                        100 * delta.mean(), 100 * delta.low(), 100 * delta.high());
    }
}
