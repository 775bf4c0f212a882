package io.sluice.ops.bench.quality;

import io.sluice.djl.ModelConfig;
import io.sluice.ops.UserException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Judges policies by training: the same small model on the same text, once mixed uniformly and once
 * by each policy, in regimes where mixing can help and where it can only harm.
 */
public final class QualityBench {

    private final QualityOptions options;
    private final PrintStream progress;
    private volatile boolean stopping;
    private int finished;

    /**
     * @param progress hears of each run that is finished
     */
    public QualityBench(QualityOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Gives up the runs under way; those that are finished are kept. */
    public void stop() {
        stopping = true;
    }

    /**
     * Takes the runs that are not in the work folder yet, and compares.
     *
     * @return the comparison; empty when it was stopped
     * @throws UserException when something is wrong that a person can mend
     * @throws io.sluice.djl.CorpusException when the corpus cannot be used
     */
    public Optional<QualityResult> run() throws InterruptedException {
        QualityCorpus corpus = QualityCorpusReader.read(options.corpus());
        requireTargets(corpus);
        requireComparable(corpus);
        Map<TrainingRun, PolicyVariant> runs = runs(corpus);
        RunFolder folder = RunFolder.open(options.work(), conditions(corpus));
        Map<TrainingRun, RunRecord> records = new LinkedHashMap<>();
        List<TrainingRun> missing = new ArrayList<>();
        runs.keySet()
                .forEach(
                        run ->
                                folder.find(run)
                                        .ifPresentOrElse(
                                                record -> records.put(run, record),
                                                () -> missing.add(run)));
        progress.println(
                runs.size()
                        + " runs, "
                        + records.size()
                        + " of them finished before, on "
                        + corpus.name());
        finished = records.size();
        records.putAll(train(corpus, missing, runs, folder));
        return stopping
                ? Optional.empty()
                : Optional.of(new Comparison(corpus, options, records).result());
    }

    private Map<TrainingRun, RunRecord> train(
            QualityCorpus corpus,
            List<TrainingRun> missing,
            Map<TrainingRun, PolicyVariant> runs,
            RunFolder folder)
            throws InterruptedException {
        RunTrainer trainer = new RunTrainer(corpus, options.setting(), () -> stopping);
        ExecutorService threads = Executors.newFixedThreadPool(options.jobs());
        try {
            Map<TrainingRun, Future<Optional<RunRecord>>> answers = new LinkedHashMap<>();
            for (TrainingRun run : missing) {
                Callable<Optional<RunRecord>> work =
                        () -> {
                            Optional<RunRecord> record =
                                    stopping ? Optional.empty() : trainer.train(run, runs.get(run));
                            record.ifPresent(
                                    done -> {
                                        folder.put(run, done);
                                        tell(run, done, runs.size());
                                    });
                            return record;
                        };
                answers.put(run, threads.submit(work));
            }
            Map<TrainingRun, RunRecord> records = new LinkedHashMap<>();
            for (Map.Entry<TrainingRun, Future<Optional<RunRecord>>> answer : answers.entrySet()) {
                answer.getValue().get().ifPresent(done -> records.put(answer.getKey(), done));
            }
            return records;
        } catch (ExecutionException e) {
            stopping = true;
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private synchronized void tell(TrainingRun run, RunRecord record, int all) {
        finished++;
        StringBuilder losses = new StringBuilder();
        record.losses()
                .keySet()
                .forEach(
                        target ->
                                losses.append(
                                        String.format(
                                                " %s %.4f", target, record.finalLoss(target))));
        progress.printf(
                "[%d/%d] %s:%s (%.0f ms of processor time a step)%n",
                finished, all, run, losses, 1e3 * record.cpuSecondsPerStep());
    }

    /** Every run, the uniform ones first. */
    private Map<TrainingRun, PolicyVariant> runs(QualityCorpus corpus) {
        Set<PolicyVariant> policies = new LinkedHashSet<>();
        policies.add(PolicyVariant.UNIFORM);
        policies.addAll(options.policies());
        Map<TrainingRun, PolicyVariant> runs = new LinkedHashMap<>();
        for (long seed = options.firstSeed();
                seed < options.firstSeed() + options.seeds();
                seed++) {
            for (PolicyVariant policy : policies) {
                boolean gradients = new RunDeclaration(policy, options.setting()).needsGradients();
                for (Regime regime : options.regimes()) {
                    for (String target :
                            gradients ? Comparison.targets(regime, corpus, options) : List.of("")) {
                        runs.put(
                                new TrainingRun(regime.pool(), target, policy.label(), seed),
                                policy);
                    }
                }
            }
        }
        return runs;
    }

    private void requireTargets(QualityCorpus corpus) {
        List<String> known = corpus.targets().stream().map(QualityCorpus.Target::id).toList();
        for (String target : options.targets()) {
            if (!known.contains(target)) {
                throw new UserException(
                        "the corpus has no target '"
                                + target
                                + "': choose of "
                                + String.join(", ", known));
            }
        }
    }

    private void requireComparable(QualityCorpus corpus) {
        try {
            options.policies()
                    .forEach(
                            policy ->
                                    new RunDeclaration(policy, options.setting())
                                            .requireComparable(corpus.groups().size()));
        } catch (IllegalArgumentException e) {
            throw new UserException(e.getMessage());
        }
    }

    private TreeMap<String, Object> conditions(QualityCorpus corpus) {
        TreeMap<String, Object> conditions = new TreeMap<>();
        conditions.put("corpus", corpus.digest());
        conditions.put("setting", options.setting().name());
        conditions.put("steps", options.setting().steps());
        conditions.put("evaluation_every", options.setting().evaluationEvery());
        conditions.put("more_compute", QualitySetting.MORE_COMPUTE);
        conditions.put("model", ModelConfig.small().toString());
        TreeMap<String, Double> settings = new TreeMap<>();
        PolicyVariant.UNIFORM.settings().forEach((key, value) -> settings.put(key.key(), value));
        conditions.put("standard_settings", settings);
        return conditions;
    }
}
