package io.sluice.ops.bench.quality;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.djl.CorpusManifest;
import io.sluice.djl.DjlTrainer;
import io.sluice.djl.TrainerOptions;
import io.sluice.djl.TrainingListener;
import io.sluice.ops.bench.quality.PolicyVariant.Setting;
import io.sluice.ops.bench.quality.QualityCorpus.Group;
import io.sluice.ops.bench.quality.RunRecord.MixtureFrom;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Takes one training run. Runs of one seed begin with the same weights and read each group's rows
 * in the same order, whatever their mixture.
 */
final class RunTrainer {

    private final QualityCorpus corpus;
    private final QualitySetting setting;
    private final BooleanSupplier stopping;

    /**
     * @param stopping whether to give up the run under way
     */
    RunTrainer(QualityCorpus corpus, QualitySetting setting, BooleanSupplier stopping) {
        this.corpus = corpus;
        this.setting = setting;
        this.stopping = stopping;
    }

    /** The record of the run; empty when it was given up. */
    Optional<RunRecord> train(TrainingRun run, PolicyVariant variant) {
        RunDeclaration declaration = new RunDeclaration(variant, setting);
        List<Group> pool =
                run.pool().groups(corpus, setting.steps() * QualitySetting.bytesPerStep());
        RunSpec spec = declaration.of(pool, run.steeredTo(), run.seed());
        TrainerOptions options =
                setting.trainer(
                        run.seed(),
                        (int) variant.get(Setting.GROUP_ROWS),
                        (int) variant.get(Setting.TARGET_ROWS),
                        spec.sketch());
        if (run.steeredTo().isEmpty()) {
            options = options.withoutSketch();
        }
        long steps = variant.isUniform() ? setting.uniformSteps() : setting.steps();
        Notes notes = new Notes(setting.steps());
        long begin = cpuNanos();
        InProcessSession session = new InProcessSession(spec, QualitySetting.DRAWS_PER_STEP);
        try (DjlTrainer trainer =
                DjlTrainer.start(manifest(pool, run.steeredTo()), options, notes, session)) {
            while (trainer.nextStep() < steps) {
                if (stopping.getAsBoolean()) {
                    return Optional.empty();
                }
                trainer.train(trainer.nextStep() + 1);
            }
        }
        double cpuSecondsPerStep = (cpuNanos() - begin) / 1e9 / steps;
        return Optional.of(
                new RunRecord(
                        setting.steps(),
                        notes.curves(),
                        mixtures(session.mixtures()),
                        notes.epochs(pool),
                        cpuSecondsPerStep));
    }

    /** Of this thread, in which a trainer with one thread does everything. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private CorpusManifest manifest(List<Group> pool, String steeredTo) {
        return new CorpusManifest(
                corpus.name(),
                pool.stream()
                        .map(
                                group ->
                                        new CorpusManifest.Group(
                                                new GroupId(group.id()),
                                                group.poor(),
                                                1.0 / pool.size(),
                                                group::text))
                        .toList(),
                corpus.targets().stream()
                        .map(
                                target ->
                                        new CorpusManifest.Target(
                                                new TargetId(target.id()),
                                                target.id().equals(steeredTo) ? 1 : 0,
                                                target::dev,
                                                target::test))
                        .toList());
    }

    private static List<MixtureFrom> mixtures(SortedMap<Long, Mixture> inForce) {
        List<MixtureFrom> mixtures = new ArrayList<>();
        inForce.forEach(
                (step, mixture) -> {
                    TreeMap<String, Double> weights = new TreeMap<>();
                    for (GroupId group : mixture.groups()) {
                        weights.put(group.value(), mixture.weight(group));
                    }
                    mixtures.add(new MixtureFrom(step, weights));
                });
        return mixtures;
    }

    /** What the trainer says of a run. */
    private static final class Notes implements TrainingListener {

        private final long steps;
        private final TreeMap<String, List<Evaluation>> evaluations = new TreeMap<>();
        private final TreeMap<String, Long> bytes = new TreeMap<>();

        Notes(long steps) {
            this.steps = steps;
        }

        @Override
        public void onStep(StepReport report) {
            if (report.step() < steps) {
                for (Map.Entry<GroupId, Long> drawn : report.groupTokens().entrySet()) {
                    bytes.merge(drawn.getKey().value(), drawn.getValue(), Long::sum);
                }
            }
        }

        @Override
        public void onEvaluation(Evaluation evaluation) {
            evaluations
                    .computeIfAbsent(evaluation.target().value(), id -> new ArrayList<>())
                    .add(evaluation);
        }

        SortedMap<String, LossCurve> curves() {
            TreeMap<String, LossCurve> curves = new TreeMap<>();
            evaluations.forEach(
                    (target, list) ->
                            curves.put(
                                    target,
                                    new LossCurve(
                                            list.stream().map(e -> e.step() + 1).toList(),
                                            list.stream().map(Evaluation::meanLoss).toList())));
            return curves;
        }

        SortedMap<String, Double> epochs(List<Group> pool) {
            TreeMap<String, Double> epochs = new TreeMap<>();
            for (Group group : pool) {
                long drawn = bytes.getOrDefault(group.id(), 0L);
                epochs.put(group.id(), (double) drawn / group.text().length);
            }
            return epochs;
        }
    }
}
