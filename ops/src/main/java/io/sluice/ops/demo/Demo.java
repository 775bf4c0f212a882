package io.sluice.ops.demo;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TrainerSession;
import io.sluice.bridge.pool.DocumentPool;
import io.sluice.core.domain.RunSpec;
import io.sluice.djl.CorpusManifest;
import io.sluice.djl.DjlTrainer;
import io.sluice.djl.TrainerOptions;
import io.sluice.ops.ProgressDisplay;
import io.sluice.ops.UserException;
import io.sluice.ops.page.HtmlReport;
import io.sluice.ops.page.PageServer;
import io.sluice.ops.page.RunFacts;
import io.sluice.ops.page.RunHistory;
import io.sluice.ops.page.RunStatus;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The whole loop in one JVM: a broker, the mixture job, a bridge, and a transformer that trains on
 * the shipped corpus while the mixture it draws from moves.
 */
public final class Demo {

    private static final Duration LAST_LOOK = Duration.ofSeconds(3);

    private final DemoOptions options;
    private final PrintStream out;
    private final boolean terminal;
    private volatile boolean stopping;

    /**
     * @param options what was chosen
     * @param out where messages and progress go
     * @param terminal whether that is a terminal
     */
    public Demo(DemoOptions options, PrintStream out, boolean terminal) {
        this.options = options;
        this.out = out;
        this.terminal = terminal;
    }

    /** What is waited for before a step is taken. */
    @FunctionalInterface
    private interface BeforeStep {
        void await(long step) throws InterruptedException;
    }

    /** Ends the training after the step in progress; what there is, is reported. */
    public void stop() {
        stopping = true;
    }

    /**
     * Runs to the end, or to {@link #stop}.
     *
     * @throws UserException when something is wrong that a person can mend
     */
    public DemoSummary run() throws Exception {
        CorpusManifest corpus = CorpusManifest.read(options.corpus().resolve("manifest.json"));
        corpus.requireIntact();
        CorpusManifest mixed = mixed(corpus);
        RunSpec spec = declare(mixed);
        Optional<StreamScript> script = script(corpus);
        Optional<StreamBooks> books =
                script.map(
                        s ->
                                new StreamBooks(
                                        s.lateGroup(), spec.rounds().steps(), System::nanoTime));
        RunHistory history = new RunHistory(facts(spec, mixed), InstantSource.system());
        DemoRecorder recorder = new DemoRecorder(spec, mixed, history, books);
        AtomicReference<Bridge> bridge = new AtomicReference<>();
        // The port first: an earlier report is not given up for a demo that cannot start.
        try (PageServer page = startPage(history, bridge);
                StateFolder state = StateFolder.take(options.state())) {
            try {
                return script.isPresent()
                        ? stream(corpus, spec, script.get(), books.get(), history, recorder, bridge)
                        : runLoop(corpus, spec, history, recorder, bridge);
            } catch (Exception e) {
                history.status(RunStatus.FAILED, String.valueOf(e.getMessage()));
                throw e;
            } finally {
                if (page != null && !stopping) {
                    page.awaitLastLook(LAST_LOOK);
                }
            }
        }
    }

    /** What is mixed: in the streaming demo, other groups. */
    private CorpusManifest mixed(CorpusManifest corpus) {
        try {
            return options.stream() ? DemoSettings.streamed(corpus) : corpus;
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "the corpus in " + options.corpus() + " cannot be streamed: " + e.getMessage(),
                    e);
        }
    }

    private Optional<StreamScript> script(CorpusManifest corpus) {
        return options.stream()
                ? Optional.of(
                        StreamScript.of(
                                corpus,
                                DemoSettings.LATE_GROUP,
                                options.steps(),
                                DemoSettings.bytes(options.steps()),
                                options.seed()))
                : Optional.empty();
    }

    private RunSpec declare(CorpusManifest corpus) {
        try {
            return options.stream()
                    ? DemoSettings.streamedRun(
                            corpus, StreamDemo.CATALOG, options.policy(), options.seed())
                    : DemoSettings.run(corpus, options.policy(), options.seed());
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "the corpus in "
                            + options.corpus()
                            + " cannot be mixed: "
                            + e.getMessage()
                            + "; mend its manifest.json",
                    e);
        }
    }

    private DemoSummary runLoop(
            CorpusManifest corpus,
            RunSpec spec,
            RunHistory history,
            DemoRecorder recorder,
            AtomicReference<Bridge> current)
            throws Exception {
        out.println("starting Kafka and Flink in this process ...");
        try (LocalStack stack = LocalStack.start(options.state(), 1);
                TopicFeed feed = decisions(stack, recorder);
                Bridge bridge = Bridge.open(bridgeOptions(stack), spec, recorder)) {
            current.set(bridge);
            try (TrainerSession session = bridge.start();
                    DjlTrainer trainer =
                            DjlTrainer.start(
                                    corpus,
                                    TrainerOptions.demo(options.seed(), spec.sketch()),
                                    recorder,
                                    session)) {
                train(trainer, stack, recorder, history, step -> {});
            }
        }
        return report(history, recorder);
    }

    private DemoSummary stream(
            CorpusManifest corpus,
            RunSpec spec,
            StreamScript script,
            StreamBooks books,
            RunHistory history,
            DemoRecorder recorder,
            AtomicReference<Bridge> current)
            throws Exception {
        out.println("starting Kafka and Flink in this process ...");
        Path folder = options.state().resolve("stream");
        try (LocalStack stack = LocalStack.start(options.state(), 1);
                TopicFeed feed = decisions(stack, recorder);
                StreamDemo arriving = StreamDemo.start(stack, folder, corpus, spec, script, books);
                Bridge bridge =
                        Bridge.open(
                                bridgeOptions(stack).withPool(StreamDemo.pool()), spec, recorder)) {
            current.set(bridge);
            DocumentPool pool = bridge.documents().orElseThrow();
            out.println("waiting for the first documents ...");
            arriving.awaitStep(0, pool);
            try (TrainerSession session = bridge.start();
                    DjlTrainer trainer =
                            DjlTrainer.stream(
                                    corpus,
                                    TrainerOptions.demo(options.seed(), spec.sketch()),
                                    recorder,
                                    session,
                                    pool,
                                    Optional.empty())) {
                train(trainer, stack, recorder, history, step -> arriving.awaitStep(step, pool));
            }
        }
        return report(history, recorder);
    }

    private static TopicFeed decisions(LocalStack stack, DemoRecorder recorder) {
        return new TopicFeed(
                stack.client(), List.of(Topic.DECISIONS, Topic.REJECTS), recorder::heard);
    }

    private DemoSummary report(RunHistory history, DemoRecorder recorder) throws IOException {
        Path report = options.state().resolve("report.html");
        history.status(RunStatus.FINISHED, stopping ? "stopped by hand" : "");
        HtmlReport.write(report, history);
        return recorder.summary(report);
    }

    private void train(
            DjlTrainer trainer,
            LocalStack stack,
            DemoRecorder recorder,
            RunHistory history,
            BeforeStep beforeStep)
            throws InterruptedException {
        out.println(
                "training " + options.steps() + " steps with policy " + options.policy() + " ...");
        history.status(RunStatus.TRAINING, "");
        ProgressDisplay progress = new ProgressDisplay(out, terminal, options.steps());
        recorder.start();
        while (trainer.nextStep() < options.steps() && !stopping) {
            beforeStep.await(trainer.nextStep());
            trainer.train(trainer.nextStep() + 1);
            progress.show(recorder.steps(), recorder.progress());
        }
        progress.finish(recorder.steps(), recorder.progress());
        warnOfTheJob(stack, recorder);
    }

    /** The trainer noticed nothing, so somebody has to say it. */
    private void warnOfTheJob(LocalStack stack, DemoRecorder recorder) {
        String kept = "; the trainer kept its last plan, and the log says more";
        stack.jobFailure()
                .ifPresent(
                        failure ->
                                out.println(
                                        "warning: the mixture job ended early ("
                                                + failure.getMessage()
                                                + ")"
                                                + kept));
        if (recorder.isUnanswered()) {
            out.println("warning: the mixture job decided no round" + kept);
        }
    }

    private BridgeOptions bridgeOptions(LocalStack stack) {
        return BridgeOptions.of(
                        stack.client().getProperty("bootstrap.servers"),
                        options.state().resolve("bridge"))
                .withDrawsPerStep(DemoSettings.DRAWS_PER_STEP)
                .withLeaseSteps(DemoSettings.LEASE_STEPS);
    }

    /** The page, or null when none is wanted; its metrics are the bridge's, once there is one. */
    private PageServer startPage(RunHistory history, AtomicReference<Bridge> bridge) {
        if (options.pagePort().isEmpty()) {
            return null;
        }
        PageServer.Route metrics =
                new PageServer.Route(
                        PageServer.METRICS_TYPE,
                        () ->
                                Optional.ofNullable(bridge.get())
                                        .map(b -> b.metrics().scrape())
                                        .orElse(""));
        try {
            PageServer page =
                    PageServer.start(
                            options.pagePort().getAsInt(), history, Map.of("/metrics", metrics));
            out.println("watch it at " + page.uri() + " (metrics at " + page.uri() + "metrics)");
            return page;
        } catch (IOException e) {
            throw new UserException(e.getMessage() + " (--page-port)", e);
        }
    }

    private RunFacts facts(RunSpec spec, CorpusManifest corpus) {
        return new RunFacts(
                spec.runId(),
                spec.policy().name(),
                spec.seed(),
                options.steps(),
                spec.groups().stream()
                        .map(
                                group ->
                                        new RunFacts.Group(
                                                group.id().value(),
                                                corpus.groups().stream()
                                                        .anyMatch(
                                                                g ->
                                                                        g.id().equals(group.id())
                                                                                && g.poor()),
                                                group.prior()))
                        .toList(),
                spec.targets().stream()
                        .map(
                                target ->
                                        new RunFacts.Target(
                                                target.id().value(), target.weight(), ""))
                        .toList());
    }
}
