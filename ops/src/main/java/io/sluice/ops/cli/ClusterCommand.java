package io.sluice.ops.cli;

import io.sluice.flink.candidate.CandidateJob;
import io.sluice.flink.mixture.MixtureJob;
import io.sluice.ops.candidates.CandidateStart;
import io.sluice.ops.cluster.ScorerJars;
import io.sluice.ops.processes.ClusterOptions;
import io.sluice.ops.processes.JavaProcess;
import io.sluice.ops.processes.Keeper;
import io.sluice.ops.processes.Kept;
import io.sluice.ops.processes.KeptProcess;
import io.sluice.ops.processes.LocalCluster;
import io.sluice.ops.run.RunFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice cluster}. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Starts Kafka, ZooKeeper, a JobManager, TaskManagers and the bridge of a run on this machine, each as a process of"
                        + " its own, and submits the mixture job. Ctrl-C stops them; the same command goes on where it was. Each"
                        + " process may be killed and looked at: it starts again after a few seconds, unless it ends five times within"
                        + " a minute. The addresses are printed, the logs lie in the folder.",
        footer = {
            "",
            "Examples:",
            "  ./sluice cluster --run run.yaml",
            "  ./sluice cluster --run run.yaml --taskmanagers 3 --folder /data/cluster",
            "",
            "One more TaskManager than the job needs takes over when another dies. './sluice up' has all in one process, and takes"
                    + " a quarter of the memory."
        })
final class ClusterCommand implements Callable<Integer> {

    private static final long NEEDED_MEBIBYTES = 3_000;
    private static final String BRIDGE = "bridge";
    private static final long WATCH_MILLIS = 500;
    private static final int SLOTS = 2;

    @Spec private CommandSpec spec;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "FILE",
            description = "The run to serve a bridge for (docs/run-yaml.md).")
    private Path run;

    @Option(
            names = {"--folder", "--state"},
            paramLabel = "DIR",
            description = "Folder for the state and the logs of all processes.",
            defaultValue = "${sys:sluice.home:-.}/.sluice/cluster")
    private Path folder;

    @Option(
            names = "--taskmanagers",
            paramLabel = "N",
            description = "How many TaskManagers, of two slots each.",
            defaultValue = "2")
    private int taskManagers;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description =
                    "Parallelism of a job that begins anew, and partitions of topics that are new.",
            defaultValue = "1")
    private int parallelism;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job's jar.",
            defaultValue = "${sys:sluice.home:-.}/flink-jobs/target/sluice-job.jar")
    private Path jar;

    @Option(
            names = "--scorer-jars",
            paramLabel = "DIR",
            description = "Where the build of the scorer is, with the list of its libraries.",
            defaultValue = "${sys:sluice.home:-.}/flink-jobs/scorer/target")
    private Path scorerJars;

    @Mixin private CandidateStartOptions candidates;

    @Override
    public Integer call() throws Exception {
        require(
                taskManagers >= 1 && taskManagers <= 16,
                "--taskmanagers must be 1 to 16, not " + taskManagers);
        Optional<CandidateStart> start = candidates.read();
        int most = taskManagers * SLOTS / (start.isPresent() ? 2 : 1);
        require(
                parallelism >= 1 && parallelism <= most,
                "--parallelism must be 1 to "
                        + most
                        + ", the slots there are for a job, not "
                        + parallelism);
        RunFile file = RunFile.read(run);
        Memory.require("the cluster", NEEDED_MEBIBYTES);
        ClusterOptions options =
                new ClusterOptions(
                        folder.toAbsolutePath().normalize(),
                        jar,
                        taskManagers,
                        SLOTS,
                        parallelism,
                        Duration.ofSeconds(5),
                        false,
                        List.of());
        CountDownLatch stop = new CountDownLatch(1);
        System.err.println("starting " + (taskManagers + 4) + " processes ...");
        try (Interrupt interrupt = Interrupt.stops(stop::countDown);
                LocalCluster cluster = Failures.translate(() -> LocalCluster.start(options))) {
            Optional<JobID> before = cluster.rest().liveJob(MixtureJob.NAME);
            JobID job = before.isPresent() ? before.get() : submit(cluster);
            if (start.isPresent()) {
                submit(cluster, start.get(), file.spec().runId());
            }
            AtomicReference<JavaProcess> bridge = new AtomicReference<>(startBridge(cluster));
            try {
                tell(cluster, job, before.isPresent(), options, System.out);
                List<Kept> own =
                        List.of(
                                new KeptProcess(
                                        bridge::get, () -> bridge.set(startBridge(cluster))));
                Keeper keeper = new Keeper(InstantSource.system(), System.err::println);
                while (!stop.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                    keeper.look(cluster.processes());
                    keeper.look(own);
                }
                System.err.println("stopping; the same command goes on from here ...");
                bridge.get().stop();
            } finally {
                bridge.get().close();
            }
        }
        return 0;
    }

    private JavaProcess startBridge(LocalCluster cluster) throws Exception {
        return cluster.startBridge(BRIDGE, run.toAbsolutePath());
    }

    private JobID submit(LocalCluster cluster) throws Exception {
        return Failures.translate(
                () -> cluster.submit(cluster.job(), parallelism, Optional.empty()));
    }

    /** The candidate job, unless it goes on by itself. */
    private void submit(LocalCluster cluster, CandidateStart start, String runId) throws Exception {
        start.follow(cluster.client(), runId);
        Optional<JobID> before = cluster.rest().liveJob(CandidateJob.NAME);
        if (before.isPresent()) {
            System.out.println("job     " + before.get() + " (candidates), which goes on");
            return;
        }
        List<Path> libraries = start.model().isPresent() ? ScorerJars.of(scorerJars) : List.of();
        JobID job =
                Failures.translate(
                        () ->
                                cluster.submit(
                                        start.with(cluster.candidateJob()),
                                        parallelism,
                                        libraries));
        System.out.println("job     " + job + " (candidates), which begins anew");
    }

    private static void tell(
            LocalCluster cluster,
            JobID job,
            boolean goesOn,
            ClusterOptions options,
            PrintStream out) {
        out.println("kafka   " + cluster.bootstrap());
        out.println("flink   " + cluster.restAddress());
        out.println("job     " + job + (goesOn ? ", which goes on" : ", which begins anew"));
        out.println("bridge  unix:" + cluster.socket(BRIDGE));
        out.println("metrics " + cluster.metricsAddress() + "/metrics");
        out.println("logs    " + cluster.logs());
        out.println("state   " + options.folder());
        out.flush();
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
