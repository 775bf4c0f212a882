package io.sluice.ops.processes;

import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.Main;
import io.sluice.ops.cluster.ClusterJob;
import io.sluice.ops.cluster.FlinkRest;
import io.sluice.ops.cluster.JobSubmission;
import io.sluice.ops.cluster.SubmitOptions;
import io.sluice.ops.stack.OwnedFolder;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer;

/**
 * Kafka and Flink on this machine, each process in a JVM of its own: a broker, ZooKeeper, a
 * JobManager whose jobs outlive it, and TaskManagers. All of it comes from the libraries that this
 * program has. A second life in the same folder goes on where the first one was.
 */
public final class LocalCluster implements AutoCloseable {

    private static final int BROKER_HEAP = 320;
    private static final int ZOOKEEPER_HEAP = 64;
    private static final int JOB_MANAGER_HEAP = 288;
    private static final int TASK_MANAGER_HEAP = 288;
    private static final int BRIDGE_HEAP = 160;

    private final ClusterOptions options;
    private final OwnedFolder owned;
    private final Ports ports;
    private final FlinkRest rest;
    private final Launcher launcher;
    private final Map<String, JavaProcess> taskManagers = new LinkedHashMap<>();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private JavaProcess broker;
    private JavaProcess zooKeeper;
    private JavaProcess jobManager;
    private int taskManagersStarted;

    private LocalCluster(ClusterOptions options) {
        this.options = options;
        this.owned = OwnedFolder.take(options.folder(), ".sluice-cluster", "'./sluice cluster'");
        this.ports = Ports.of(options.folder().resolve("ports.properties"));
        this.rest = new FlinkRest(restAddress());
        this.launcher = new Launcher(logs());
    }

    /** Starts everything but the job, and waits until it answers. */
    public static LocalCluster start(ClusterOptions options) throws Exception {
        LocalCluster cluster = new LocalCluster(options);
        try {
            cluster.startAll();
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll() throws Exception {
        FlinkFiles.write(options.folder(), ports, options.slots());
        if (options.proxied()) {
            proxies.add(proxy(Ports.Use.PROXY_FOR_BRIDGES, Ports.Use.BROKER_FOR_BRIDGES));
            proxies.add(proxy(Ports.Use.PROXY_FOR_JOBS, Ports.Use.BROKER_FOR_JOBS));
        }
        startZooKeeper();
        startJobManager();
        for (int i = 0; i < options.taskManagers(); i++) {
            startTaskManager();
        }
        startBroker();
        Topics.create(client(), Topic.DEFAULT_PREFIX, options.partitions(), (short) 1);
        awaitTaskManagers(() -> rest.slots() >= options.taskManagers() * options.slots());
    }

    /** Where clients find the broker, without anything between. */
    public String bootstrap() {
        return "127.0.0.1:" + ports.of(Ports.Use.BROKER);
    }

    /** Settings of a client that has nothing between itself and the broker. */
    public Properties client() {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap());
        return properties;
    }

    /** Where bridges find the broker. */
    public String bridgeBootstrap() {
        return options.proxied()
                ? "127.0.0.1:" + ports.of(Ports.Use.PROXY_FOR_BRIDGES)
                : bootstrap();
    }

    private String jobBootstrap() {
        return options.proxied() ? "127.0.0.1:" + ports.of(Ports.Use.PROXY_FOR_JOBS) : bootstrap();
    }

    /** Between bridges and broker; there is one where the options say so. */
    public TcpProxy bridgeProxy() {
        return proxies.get(0);
    }

    /** Between job and broker; there is one where the options say so. */
    public TcpProxy jobProxy() {
        return proxies.get(1);
    }

    /** Address of Flink's web interface. */
    public URI restAddress() {
        return URI.create("http://127.0.0.1:" + ports.of(Ports.Use.REST));
    }

    /** Asks the JobManager. */
    public FlinkRest rest() {
        return rest;
    }

    public JavaProcess broker() {
        return broker;
    }

    public JavaProcess jobManager() {
        return jobManager;
    }

    /** The TaskManagers that were started and not killed, by their ids. */
    public Map<String, JavaProcess> taskManagers() {
        return taskManagers;
    }

    /**
     * The processes that run, or ran until they ended, in the order in which they need each other.
     */
    public List<Kept> processes() {
        List<Kept> all = new ArrayList<>();
        all.add(new KeptProcess(() -> zooKeeper, this::startZooKeeper));
        all.add(new KeptProcess(() -> broker, this::startBroker));
        all.add(new KeptProcess(() -> jobManager, this::startJobManager));
        taskManagers.forEach(
                (id, process) ->
                        all.add(
                                new KeptProcess(
                                        () -> process,
                                        () -> {
                                            taskManagers.remove(id);
                                            startTaskManager(process.name());
                                        })));
        return all;
    }

    private void startZooKeeper() {
        // With all libraries: ZooKeeper wants one that a Flink distribution lacks.
        zooKeeper =
                launcher.java(
                        "zookeeper",
                        ZOOKEEPER_HEAP,
                        FlinkZooKeeperQuorumPeer.class,
                        List.of(
                                "--zkConfigFile",
                                options.folder().resolve("zoo.cfg").toString(),
                                "--peerId",
                                "1"));
    }

    /** Starts the broker, and returns when it answers. */
    public void startBroker() throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.add(options.folder().resolve("kafka").toString());
        arguments.add(Integer.toString(ports.of(Ports.Use.BROKER)));
        if (options.proxied()) {
            arguments.add(
                    listener("BRIDGES", Ports.Use.BROKER_FOR_BRIDGES, Ports.Use.PROXY_FOR_BRIDGES));
            arguments.add(listener("JOBS", Ports.Use.BROKER_FOR_JOBS, Ports.Use.PROXY_FOR_JOBS));
        }
        broker = launcher.java("broker", BROKER_HEAP, BrokerMain.class, arguments);
        Launcher.await(
                "the broker",
                broker::requireAlive,
                () -> {
                    Topics.inspect(client(), Topic.DEFAULT_PREFIX, options.partitions());
                    return true;
                });
    }

    /** Starts the JobManager, and returns when it answers. Jobs that it had go on. */
    public void startJobManager() throws Exception {
        jobManager =
                launcher.flink(
                        "jobmanager",
                        JOB_MANAGER_HEAP,
                        List.of(),
                        StandaloneSessionClusterEntrypoint.class,
                        List.of("--configDir", conf()));
        Launcher.await(
                "the JobManager",
                jobManager::requireAlive,
                () -> {
                    rest.freeSlots();
                    return true;
                });
    }

    /** Starts one more TaskManager. */
    public void startTaskManager() throws IOException {
        startTaskManager("taskmanager-" + (taskManagersStarted + 1));
    }

    private void startTaskManager(String name) throws IOException {
        taskManagersStarted++;
        String id = "taskmanager-" + ProcessHandle.current().pid() + "-" + taskManagersStarted;
        Path tmp = Files.createDirectories(options.folder().resolve("tmp").resolve(name));
        taskManagers.put(
                id,
                launcher.flink(
                        name,
                        TASK_MANAGER_HEAP,
                        options.taskManagerOptions(),
                        TaskManagerRunner.class,
                        List.of(
                                "--configDir",
                                conf(),
                                "-Dtaskmanager.resource-id=" + id,
                                "-Dio.tmp.dirs=" + tmp)));
    }

    /** Waits until the JobManager has so many slots that no job has. */
    public void awaitSlots(int free) throws Exception {
        awaitTaskManagers(() -> rest.freeSlots() >= free);
    }

    private void awaitTaskManagers(Callable<Boolean> question) throws Exception {
        Launcher.await(
                "a TaskManager",
                () -> {
                    jobManager.requireAlive();
                    taskManagers.values().forEach(JavaProcess::requireAlive);
                },
                question);
    }

    /**
     * Submits the mixture job, and returns when it runs.
     *
     * @param job the job's settings
     * @param savepoint what it goes on from; empty to begin anew
     */
    public JobID submit(MixtureOptions job, int parallelism, Optional<String> savepoint)
            throws Exception {
        return submit(ClusterJob.of(job), parallelism, savepoint, List.of());
    }

    /**
     * Submits the candidate job, and returns when it runs.
     *
     * @param job the job's settings
     * @param libraries jars that it needs besides its own
     */
    public JobID submit(CandidateOptions job, int parallelism, List<Path> libraries)
            throws Exception {
        return submit(ClusterJob.of(job), parallelism, Optional.empty(), libraries);
    }

    private JobID submit(
            ClusterJob job, int parallelism, Optional<String> savepoint, List<Path> libraries)
            throws Exception {
        return new JobSubmission(
                        new SubmitOptions(
                                job,
                                restAddress(),
                                options.jar(),
                                parallelism,
                                Optional.empty(),
                                options.checkpointInterval(),
                                savepoint,
                                Optional.empty(),
                                libraries))
                .submit();
    }

    /** The job's default settings on this cluster. */
    public MixtureOptions job() {
        return MixtureOptions.of(jobBootstrap());
    }

    /** The candidate job's default settings on this cluster. */
    public CandidateOptions candidateJob() {
        Properties kafka = new Properties();
        kafka.setProperty("bootstrap.servers", jobBootstrap());
        return CandidateOptions.of(kafka);
    }

    /** URI of the folder for savepoints. */
    public String savepoints() {
        return options.folder().resolve("savepoints").toUri().toString();
    }

    /**
     * Starts a bridge.
     *
     * @param name names it, its folder and its socket
     * @param run the run file
     */
    public JavaProcess startBridge(String name, Path run) throws Exception {
        return startBridge(name, run, ports.of(Ports.Use.METRICS));
    }

    /** As {@link #startBridge(String, Path)}, beside another bridge. */
    public JavaProcess startSecondBridge(String name, Path run) throws Exception {
        return startBridge(name, run, 0);
    }

    private JavaProcess startBridge(String name, Path run, int metricsPort) throws Exception {
        Path socket = socket(name);
        // One that was killed has left its own, which would look like the new one's.
        Files.deleteIfExists(socket);
        JavaProcess bridge =
                launcher.java(
                        name,
                        BRIDGE_HEAP,
                        Main.class,
                        List.of(
                                "bridge",
                                "--run",
                                run.toString(),
                                "--bootstrap",
                                bridgeBootstrap(),
                                "--state",
                                options.folder().resolve(name).toString(),
                                "--socket",
                                socket.toString(),
                                "--metrics",
                                "127.0.0.1:" + metricsPort));
        try {
            Launcher.await("the bridge", bridge::requireAlive, () -> socket.toFile().exists());
            return bridge;
        } catch (Exception e) {
            bridge.close();
            throw e;
        }
    }

    /** Where the first bridge serves its metrics. */
    public URI metricsAddress() {
        return URI.create("http://127.0.0.1:" + ports.of(Ports.Use.METRICS));
    }

    /** The socket of a bridge. */
    public Path socket(String name) {
        return options.folder().resolve("sockets").resolve(name + ".sock");
    }

    /** Folder of the processes' logs. */
    public Path logs() {
        return options.folder().resolve("logs");
    }

    /** Stops everything in order; what the job knows is in its newest checkpoint. */
    @Override
    public void close() {
        try {
            List<JavaProcess> all = new ArrayList<>(taskManagers.values());
            for (JavaProcess process : new JavaProcess[] {jobManager, zooKeeper, broker}) {
                if (process != null) {
                    all.add(process);
                }
            }
            for (JavaProcess process : all) {
                process.stop();
            }
            for (TcpProxy proxy : proxies) {
                proxy.close();
            }
        } catch (IOException e) {
            // A proxy's socket: it ends with this process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            owned.close();
        }
    }

    private TcpProxy proxy(Ports.Use port, Ports.Use server) throws IOException {
        return TcpProxy.start(ports.of(port), ports.of(server));
    }

    private String listener(String name, Ports.Use port, Ports.Use advertised) {
        return name + ":" + ports.of(port) + ":" + ports.of(advertised);
    }

    private String conf() {
        return options.folder().resolve("conf").toString();
    }
}
