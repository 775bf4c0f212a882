package io.sluice.ops.chaos;

import io.sluice.core.domain.RunSpec;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.UserException;
import io.sluice.ops.chaos.TrainerLog.Fact;
import io.sluice.ops.processes.ClusterOptions;
import io.sluice.ops.processes.JavaProcess;
import io.sluice.ops.processes.LocalCluster;
import io.sluice.ops.run.RunFile;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Decision;
import io.sluice.schemas.PlanAck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;

/**
 * What faults are done to: a cluster, a bridge and a trainer, with the oracle's eyes on the topics.
 */
final class Scene implements AutoCloseable {

    /** The key whose records make the job throw. */
    static final String POISON = "chaos-poison";

    static final int SLOTS = 2;

    private static final int TASK_MANAGERS = 2;
    private static final int PARTITIONS = 2;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** How long to wait before the topics are looked at again. */
    private static final long LOOK_MILLIS = 200;

    private static final String BRIDGE = "bridge";
    private static final String RUN =
            """
            run: chaos
            seed: 17
            draws_per_step: 8
            rounds: {steps: 10, lead_steps: 5, warm_up_steps: 0}
            policy: {name: dga}
            guards: {prior_pull: 1, governor_rounds: 0}
            sketch: {dimension: 1023}
            groups:
              alpha: {prior: 1, floor: 0.05}
              beta: {prior: 1, floor: 0.05}
              gamma: {prior: 2, floor: 0.05, cap: 0.8}
            targets:
              goal: {weight: 1}
            """;

    private final Path trainers;
    private final Path runFile;
    private final RunSpec spec;
    private final LocalCluster cluster;
    private final JavaProcess bridge;
    private final TopicTail tail;
    private final SplittableRandom random;
    private final List<TrainerProcess> lives = new ArrayList<>();
    private JobID job;
    private MixtureOptions jobOptions;
    private int kills;

    private Scene(Path folder, LocalCluster cluster, Path runFile, long seed) throws Exception {
        this.trainers = folder.resolve("trainers");
        this.cluster = cluster;
        this.runFile = runFile;
        this.spec = RunFile.read(runFile).spec();
        this.random = new SplittableRandom(seed);
        this.jobOptions = cluster.job();
        this.job = cluster.submit(jobOptions, 1, Optional.empty());
        this.bridge = cluster.startBridge(BRIDGE, runFile);
        this.tail = new TopicTail(cluster.client());
    }

    /**
     * Starts everything and waits for the first plan.
     *
     * @param folder empty or absent
     * @param jar the job's jar
     * @param seed of everything that is left to chance
     */
    static Scene start(Path folder, Path jar, long seed) throws Exception {
        LocalCluster cluster =
                LocalCluster.start(
                        new ClusterOptions(
                                folder.resolve("cluster"),
                                jar,
                                TASK_MANAGERS,
                                SLOTS,
                                PARTITIONS,
                                CHECKPOINTS,
                                true,
                                List.of("-Dsluice.test.fail-on-key=" + POISON)));
        try {
            Path runFile = folder.resolve("run.yaml");
            Files.writeString(runFile, RUN);
            Scene scene = new Scene(folder, cluster, runFile, seed);
            scene.startTrainer(BRIDGE, Optional.empty());
            scene.awaitPlan(0, plan -> true, LIMIT);
            return scene;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    LocalCluster cluster() {
        return cluster;
    }

    SplittableRandom random() {
        return random;
    }

    RunSpec spec() {
        return spec;
    }

    JobID job() {
        return job;
    }

    /** The trainer of the first bridge. */
    TrainerProcess trainer() {
        return lives.get(lives.size() - 1);
    }

    /** How often a process was killed. */
    int kills() {
        return kills;
    }

    /** Counts a kill. */
    void killed() {
        kills++;
    }

    /** The topics as they are now. */
    History history() {
        return tail.read();
    }

    /** Everything to judge by. */
    Evidence evidence(OptionalLong quietAttempt) throws IOException {
        List<TrainerLife> told = new ArrayList<>();
        for (TrainerProcess life : lives) {
            told.add(TrainerLife.of(life.facts()));
        }
        return new Evidence(spec, history(), told, quietAttempt);
    }

    /**
     * Kills the TaskManager that runs the job, or one of them, and starts a spare in its place.
     *
     * @return when it was killed, in milliseconds of the clock
     */
    long killTaskManager() throws Exception {
        String victim = workingTaskManager();
        long moment = System.currentTimeMillis();
        cluster.taskManagers().remove(victim).kill();
        killed();
        cluster.startTaskManager();
        return moment;
    }

    /** The id of a TaskManager that runs the job. */
    String workingTaskManager() throws InterruptedException {
        return cluster.rest().taskManagers(job).stream()
                .filter(cluster.taskManagers()::containsKey)
                .findFirst()
                .orElseThrow(() -> new UserException("no TaskManager runs the job"));
    }

    /** Starts another job in place of the one that ended. */
    void submit(int parallelism, Optional<String> savepoint) throws Exception {
        cluster.awaitSlots(parallelism);
        job = cluster.submit(jobOptions, parallelism, savepoint);
    }

    /** Starts a job beside the one there is, which it does not know of. */
    JobID submitSecond() throws Exception {
        cluster.awaitSlots(1);
        return cluster.submit(jobOptions.withGroup("sluice-second"), 1, Optional.empty());
    }

    /** Another job is the one that counts. */
    void adopt(JobID other) {
        job = other;
    }

    /** Settings of jobs that are submitted from now on. */
    void jobOptions(MixtureOptions options) {
        jobOptions = options;
    }

    /** Starts a second bridge of the same run. */
    JavaProcess startSecondBridge(String name) throws Exception {
        return cluster.startSecondBridge(name, runFile);
    }

    /** Starts a trainer on the first bridge, which is now the scene's. */
    void startTrainer(Optional<Path> checkpoint) throws Exception {
        startTrainer(BRIDGE, checkpoint);
    }

    /** Starts a trainer that is judged with the others. */
    TrainerProcess startTrainer(String bridgeName, Optional<Path> checkpoint) throws Exception {
        TrainerProcess trainer = attach(bridgeName, checkpoint);
        lives.add(trainer);
        await("the trainer's attempt", LIMIT, () -> trainer.last("attempt").isPresent());
        return trainer;
    }

    /** Starts a trainer that is not expected to train. */
    TrainerProcess attachToFirstBridge() throws IOException {
        return attach(BRIDGE, Optional.empty());
    }

    private TrainerProcess attach(String bridgeName, Optional<Path> checkpoint) throws IOException {
        Path log = trainers;
        String name = "trainer-" + (Files.isDirectory(log) ? count(log) + 1 : 1);
        return TrainerProcess.start(name, log, cluster.socket(bridgeName), checkpoint);
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isDirectory).count();
        }
    }

    /** The checkpoints that the trainer saved, oldest first. */
    List<Path> checkpoints() throws IOException {
        return trainer().facts().stream()
                .filter(fact -> fact.name().equals("checkpoint"))
                .map(fact -> Path.of(fact.words().get(1)))
                .toList();
    }

    /** How often a controller has started, at whatever parallelism. */
    long starts() {
        return history().claims().size();
    }

    /** The newest epoch of an accepted plan. */
    long newestEpoch() {
        return history().acks().stream()
                .filter(Scene::accepted)
                .mapToLong(ack -> ack.value().getOfferedEpoch())
                .max()
                .orElse(-1);
    }

    /** How many plans of a controller the bridge has refused for a reason. */
    long refusedFor(AckVerdict reason, long epoch) {
        return history().acks().stream()
                .map(Entry::value)
                .filter(ack -> ack.getVerdict() == reason && ack.getOfferedEpoch() == epoch)
                .count();
    }

    /**
     * Waits for a plan that the bridge accepts.
     *
     * @param afterMillis it must have been accepted later
     * @return when it was, in milliseconds of the clock
     * @throws UserException when none is in time
     */
    long awaitPlan(long afterMillis, Predicate<PlanAck> which, Duration limit) throws Exception {
        List<Long> found = new ArrayList<>();
        await(
                "a plan",
                limit,
                () -> {
                    history().acks().stream()
                            .filter(Scene::accepted)
                            .filter(ack -> ack.timestampMillis() > afterMillis)
                            .filter(ack -> which.test(ack.value()))
                            .map(Entry::timestampMillis)
                            .findFirst()
                            .ifPresent(found::add);
                    return !found.isEmpty();
                });
        return found.get(0);
    }

    /**
     * Lets the trainer wait at the end of a round until the job has decided it.
     *
     * @return the attempt that is quiet
     */
    long quiet() throws Exception {
        long pause = trainer().pause();
        await(
                "the trainer's pause",
                LIMIT,
                () -> trainer().last("paused").filter(f -> f.number(0) == pause).isPresent());
        long round = trainer().last("paused").orElseThrow().number(1);
        long attempt = trainer().last("attempt").map(fact -> fact.number(0)).orElseThrow();
        await(
                "the decision on round " + round,
                LIMIT,
                () ->
                        Recount.newest(history(), attempt)
                                .map(Decision::getRound)
                                .filter(decided -> decided >= round)
                                .isPresent());
        return attempt;
    }

    /** Lets the trainer go on. */
    void go() {
        trainer().go();
    }

    /** Waits until a question is answered with yes. */
    static void await(String what, Duration limit, Callable<Boolean> question) throws Exception {
        if (!comesTrue(limit, question)) {
            throw new UserException(what + " did not come within " + limit.toSeconds() + " s");
        }
    }

    /** Asks until the answer is yes; no, when it was not within the limit. */
    static boolean comesTrue(Duration limit, Callable<Boolean> question) throws Exception {
        long start = System.nanoTime();
        while (!question.call()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** The last fact that the trainer told of a name. */
    Optional<Fact> told(String name) throws IOException {
        return trainer().last(name);
    }

    private static boolean accepted(Entry<PlanAck> ack) {
        return ack.value().getVerdict() == AckVerdict.ACCEPTED;
    }

    @Override
    public void close() {
        lives.forEach(TrainerProcess::close);
        tail.close();
        bridge.close();
        cluster.close();
    }
}
