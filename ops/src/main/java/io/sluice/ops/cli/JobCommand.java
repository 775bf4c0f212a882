package io.sluice.ops.cli;

import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.cluster.ClusterJob;
import io.sluice.ops.cluster.JobSubmission;
import io.sluice.ops.cluster.ScorerJars;
import io.sluice.ops.cluster.SubmitOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice job}. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "Looks after the jobs on a Flink of your own.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = JobCommand.Submit.class)
final class JobCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: submit");
    }

    /** {@code ./sluice job submit}. */
    @Command(
            name = "submit",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description =
                    "Hands the mixture job, or the candidate job, to a running Flink, and waits until it runs. One job serves all runs"
                            + " and catalogs of a prefix.",
            footer = {
                "",
                "The topics must be there (./sluice topics create). Kafka must be reached from here and from the cluster under"
                        + " the same address, and files that Kafka settings name must be on every machine.",
                "",
                "Examples:",
                "  ./sluice job submit --bootstrap broker:9092 --flink http://flink:8081",
                "  ./sluice job submit --bootstrap broker:9092 --flink http://flink:8081 --checkpoints s3://bucket/sluice",
                "  ./sluice job submit --bootstrap broker:9092 --flink http://flink:8081 --from-savepoint"
                        + " s3://bucket/sluice/savepoint-1f2e"
            })
    static final class Submit implements Callable<Integer> {

        private static final int MOST_IDLE_DAYS = 99_999;

        @Spec private CommandSpec spec;

        @Mixin private KafkaOptions kafka;

        /** Which job. */
        enum Kind {
            MIXTURE,
            CANDIDATES
        }

        @Option(
                names = "--job",
                paramLabel = "JOB",
                description = "Which job: ${COMPLETION-CANDIDATES}.",
                defaultValue = "MIXTURE")
        private Kind kind;

        @Option(
                names = "--set",
                paramLabel = "NAME=NUMBER",
                description =
                        "A setting of the candidate job, as in docs/candidates.md; may be given again.")
        private Map<String, Double> settings = new TreeMap<>();

        @Option(
                names = "--scorer-model",
                paramLabel = "PATH",
                description =
                        "For the candidate job: the embedding model, a folder or a jar that every machine of the cluster has"
                                + " there. What runs it, some 160 MB, is sent along.")
        private String model;

        @Option(
                names = "--scorer-jars",
                paramLabel = "DIR",
                description = "Where the build of the scorer is, with the list of its libraries.",
                defaultValue = "${sys:sluice.home:-.}/flink-jobs/scorer/target")
        private Path scorerJars;

        @Option(
                names = "--flink",
                required = true,
                paramLabel = "URL",
                description = "Address of the JobManager's REST interface.")
        private URI flink;

        @Option(
                names = "--jar",
                paramLabel = "FILE",
                description = "The job's jar.",
                defaultValue = "${sys:sluice.home:-.}/flink-jobs/target/sluice-job.jar")
        private Path jar;

        @Option(
                names = "--parallelism",
                paramLabel = "N",
                description = "Parallelism of every stage; it takes as many slots.",
                defaultValue = "1")
        private int parallelism;

        @Option(
                names = "--checkpoints",
                paramLabel = "URI",
                description =
                        "Folder for checkpoints that every machine of the cluster sees; the cluster's own setting when absent.")
        private String checkpoints;

        @Option(
                names = "--checkpoint-interval",
                paramLabel = "SECONDS",
                description = "Time between checkpoints.",
                defaultValue = "10")
        private int interval;

        @Option(
                names = "--from-savepoint",
                paramLabel = "URI",
                description = "Go on from this savepoint or retained checkpoint.")
        private String savepoint;

        @Option(
                names = "--job-id",
                paramLabel = "ID",
                description = "Run under this id, 32 hexadecimal digits.")
        private String jobId;

        @Option(
                names = "--skip",
                paramLabel = "TOPIC:PARTITION:OFFSET",
                description =
                        "Turn this record away unread, because the job failed on it; may be given again.")
        private List<String> skipped = new ArrayList<>();

        @Option(
                names = "--idle-days",
                paramLabel = "DAYS",
                description =
                        "After how many days without any record the mixture job forgets a run as if it had ended: 1 to 99999; 30"
                                + " when absent.")
        private Integer idleDays;

        @Option(
                names = "--dry-run",
                description = "Look whether the job could run, and submit nothing.")
        private boolean dryRun;

        @Override
        public Integer call() throws Exception {
            require(
                    "http".equals(flink.getScheme()) && flink.getHost() != null,
                    "--flink must be an address such as http://flink:8081, not " + flink);
            require(
                    parallelism >= 1 && parallelism <= 240,
                    "--parallelism must be 1 to 240, not " + parallelism);
            require(
                    interval >= 1 && interval <= 3600,
                    "--checkpoint-interval must be 1 to 3600 seconds, not " + interval);
            require(
                    jobId == null || jobId.matches("[0-9a-fA-F]{32}"),
                    "--job-id must be 32 hexadecimal digits, not " + jobId);
            SubmitOptions options =
                    new SubmitOptions(
                            job(),
                            withPort(flink),
                            jar,
                            parallelism,
                            Optional.ofNullable(checkpoints),
                            Duration.ofSeconds(interval),
                            Optional.ofNullable(savepoint),
                            Optional.ofNullable(jobId).map(JobID::fromHexString),
                            model == null ? List.of() : ScorerJars.of(scorerJars));
            JobSubmission submission = new JobSubmission(options);
            if (dryRun) {
                kafka.translate(
                        () -> {
                            submission.check();
                            return null;
                        });
                System.out.println("topics, cluster and jar are as the job needs them");
                return 0;
            }
            JobID job = kafka.translate(submission::submit);
            System.out.println(
                    "job " + job + " runs: " + options.flink() + "/#/job/running/" + job);
            return 0;
        }

        private ClusterJob job() {
            if (kind == Kind.CANDIDATES) {
                require(idleDays == null, "--idle-days is for the mixture job");
                return ClusterJob.of(candidates());
            }
            require(settings.isEmpty(), "--set is for --job candidates");
            require(model == null, "--scorer-model is for --job candidates");
            require(
                    idleDays == null || idleDays >= 1 && idleDays <= MOST_IDLE_DAYS,
                    "--idle-days must be 1 to " + MOST_IDLE_DAYS + ", not " + idleDays);
            MixtureOptions job = MixtureOptions.of(kafka.client()).withTopicPrefix(kafka.prefix());
            if (idleDays != null) {
                job = job.withIdleTime(Duration.ofDays(idleDays));
            }
            try {
                return ClusterJob.of(job.withSkipped(Set.copyOf(skipped)));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--skip: " + e.getMessage(), e);
            }
        }

        private CandidateOptions candidates() {
            CandidateOptions options =
                    CandidateOptions.of(kafka.client()).withTopicPrefix(kafka.prefix());
            try {
                options = options.withModel(model == null ? "" : model).with(settings);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--set: " + e.getMessage(), e);
            }
            try {
                return options.withSkipped(Set.copyOf(skipped));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--skip: " + e.getMessage(), e);
            }
        }

        private static URI withPort(URI address) {
            int port = address.getPort() < 0 ? 8081 : address.getPort();
            return URI.create("http://" + address.getHost() + ":" + port);
        }

        private void require(boolean holds, String message) {
            if (!holds) {
                throw new ParameterException(spec.commandLine(), message);
            }
        }
    }
}
