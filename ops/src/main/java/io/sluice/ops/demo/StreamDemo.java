package io.sluice.ops.demo;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.bridge.pool.PoolStatus;
import io.sluice.core.domain.RunSpec;
import io.sluice.djl.CorpusManifest;
import io.sluice.djl.CorpusText;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.ops.UserException;
import io.sluice.ops.candidates.CatalogLog;
import io.sluice.ops.candidates.Split;
import io.sluice.ops.candidates.TargetProtection;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the streaming demo has beside the plain one: the candidate job, protected targets, and a
 * feeder that offers the corpus while the trainer trains on what was let in.
 */
final class StreamDemo implements AutoCloseable {

    static final String CATALOG = "demo";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 20;

    private final StreamScript script;
    private final StreamBooks books;
    private final long roundSteps;
    private final CatalogLog log;
    private final EmbeddedJob job;
    private final TopicFeed feed;
    private final StreamFeeder feeder;

    private StreamDemo(
            StreamScript script,
            StreamBooks books,
            long roundSteps,
            CatalogLog log,
            EmbeddedJob job,
            TopicFeed feed,
            StreamFeeder feeder) {
        this.script = script;
        this.books = books;
        this.roundSteps = roundSteps;
        this.log = log;
        this.job = job;
        this.feed = feed;
        this.feeder = feeder;
    }

    /**
     * Protects the targets, announces the groups but the late one, starts the job and begins to
     * feed.
     *
     * @param folder for the job's state and the targets' texts
     */
    static StreamDemo start(
            LocalStack stack,
            Path folder,
            CorpusManifest corpus,
            RunSpec spec,
            StreamScript script,
            StreamBooks books)
            throws Exception {
        CatalogLog log = new CatalogLog(stack.client(), Topic.DEFAULT_PREFIX);
        EmbeddedJob job = null;
        try {
            prepare(log, folder, corpus, spec, script);
            job =
                    EmbeddedJob.start(
                            folder.resolve("flink"),
                            CandidateOptions.of(stack.client()).with(settings(script)),
                            1);
            TopicFeed feed =
                    new TopicFeed(
                            stack.client(),
                            List.of(Topic.DOCUMENTS, Topic.SUPPLY, Topic.REJECTS),
                            books::heard);
            StreamFeeder feeder = new StreamFeeder(log, CATALOG, script, books);
            return new StreamDemo(script, books, spec.rounds().steps(), log, job, feed, feeder);
        } catch (Throwable e) {
            if (job != null) {
                job.close();
            }
            log.close();
            throw e;
        }
    }

    /** The bridge's pool. */
    static PoolOptions pool() {
        return PoolOptions.of(CATALOG);
    }

    /**
     * Says that a step is about to be taken, and waits where the stream is more than a round behind
     * the trainer: a real run would not wait, but its stream is not over in two minutes.
     *
     * @throws UserException when the job ended, or does not keep up at all
     */
    void awaitStep(long step, DocumentPool pool) throws InterruptedException {
        feeder.reached(step);
        long arrived = script.arrivedBy(Math.max(0, step - roundSteps));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (books.judged() < arrived || held(pool) < books.admitted()) {
            if (job.failure().isPresent() || System.nanoTime() > deadline) {
                throw new UserException(
                        "the candidate job does not keep up: "
                                + books.judged()
                                + " of "
                                + arrived
                                + " documents were judged"
                                + job.failure().map(e -> "; it ended: " + e).orElse("")
                                + "; the log says more");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() throws InterruptedException {
        feeder.close();
        feed.close();
        job.close();
        log.close();
    }

    /** Documents that the pool ever took in. */
    private static long held(DocumentPool pool) {
        return pool.status().groups().values().stream().mapToLong(PoolStatus.Group::admitted).sum();
    }

    private static void prepare(
            CatalogLog log, Path folder, CorpusManifest corpus, RunSpec spec, StreamScript script)
            throws IOException {
        Path texts = Files.createDirectories(folder.resolve("targets"));
        for (CorpusManifest.Target target : corpus.targets()) {
            String id = target.id().value();
            List<Path> files = new ArrayList<>();
            for (CorpusText text : List.of(target.dev(), target.test())) {
                Path file = texts.resolve(id + "-" + files.size() + ".txt");
                files.add(Files.write(file, text.read()));
            }
            TargetProtection.register(log, CATALOG, id, files, Split.FILE);
        }
        spec.groupIds().stream()
                .map(Object::toString)
                .filter(group -> !group.equals(script.lateGroup()))
                .forEach(group -> StreamFeeder.announce(log, CATALOG, group));
        log.send(
                Topic.CATALOGS,
                CATALOG,
                new CatalogRun(CATALOG, spec.runId(), true, "demo", "it draws from it"));
        log.flush();
    }

    /** docs/demo.md says what each was chosen for. */
    private static Map<String, Double> settings(StreamScript script) {
        return Map.of(
                "wanted-tokens", (double) script.textBytes(),
                "unplanned-share", 0.12,
                "keep-share", 0.4,
                "warm-up-documents", 15.0,
                "supply-seconds", 1.0);
    }
}
