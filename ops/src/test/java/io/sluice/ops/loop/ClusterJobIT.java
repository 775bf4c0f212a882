package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.RunSpec;
import io.sluice.flink.kafka.TopicPreflight.TopicsUnavailableException;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.cli.SluiceCommand;
import io.sluice.ops.cluster.ClusterJob;
import io.sluice.ops.cluster.JobSubmission;
import io.sluice.ops.cluster.SubmitOptions;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a session cluster that has nothing of this project on its class path. */
final class ClusterJobIT {

    private static final String PREFIX = "cluster.";
    private static final Path JAR = Path.of("../flink-jobs/target/sluice-job.jar");

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aSubmittedJobDecidesForATrainerAndGoesOnFromItsSavepoint(@TempDir Path folder)
            throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                FlinkCluster cluster = FlinkCluster.start(folder)) {
            MixtureOptions job = MixtureOptions.of(broker.bootstrap()).withTopicPrefix(PREFIX);
            JobID id = new JobID(17, 4);
            SubmitOptions options =
                    new SubmitOptions(
                            ClusterJob.of(job),
                            cluster.rest(),
                            JAR,
                            2,
                            Optional.empty(),
                            Duration.ofSeconds(5),
                            Optional.empty(),
                            Optional.of(id),
                            List.of());
            cluster.awaitAnswer();
            assertThatThrownBy(() -> new JobSubmission(options).submit())
                    .isInstanceOf(TopicsUnavailableException.class)
                    .hasMessageContaining("./sluice topics create");

            Topics.create(job.kafka(), PREFIX, 2, (short) 1);
            new JobSubmission(options).check();
            assertThat(submit(broker, cluster, id)).isZero();

            RunSpec spec = KnownRun.spec("on-a-cluster", "dga");
            ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 1);
            Plans plans = new Plans();
            try (Bridge bridge = Bridge.open(bridgeOptions(broker, folder), spec, plans);
                    TrainerSession session = bridge.start()) {
                plans.awaitAttempt();
                for (long step = 0; step < KnownRun.ROUND_STEPS; step++) {
                    trainer.step(session, step);
                }
                plans.await();

                String savepoint = cluster.stop(id);
                JobID next = new JobID(17, 5);
                assertThat(submit(broker, cluster, next, "--from-savepoint", savepoint)).isZero();
                for (long step = KnownRun.ROUND_STEPS; step < 2 * KnownRun.ROUND_STEPS; step++) {
                    trainer.step(session, step);
                }
                plans.await();
                assertThat(decidedRounds(job)).containsExactly(0L, 1L);
            }
        }
    }

    /** A job that had lost its state would have read the first round again, and decided again. */
    private static List<Long> decidedRounds(MixtureOptions job) {
        return TopicReader.read(
                        job.kafka(),
                        PREFIX,
                        Topic.DECISIONS,
                        Decision.class,
                        found -> found.size() >= 2)
                .stream()
                .map(Decision::getRound)
                .toList();
    }

    private static int submit(
            EmbeddedBroker broker, FlinkCluster cluster, JobID id, String... more) {
        List<String> commandLine =
                new ArrayList<>(
                        List.of(
                                "job",
                                "submit",
                                "--bootstrap",
                                broker.bootstrap(),
                                "--prefix",
                                PREFIX,
                                "--flink",
                                cluster.rest().toString(),
                                "--jar",
                                JAR.toString(),
                                "--parallelism",
                                "2",
                                "--job-id",
                                id.toHexString()));
        commandLine.addAll(List.of(more));
        return SluiceCommand.execute(commandLine.toArray(new String[0]));
    }

    private static BridgeOptions bridgeOptions(EmbeddedBroker broker, Path folder) {
        return BridgeOptions.of(broker.bootstrap(), folder.resolve("bridge"))
                .withTopicPrefix(PREFIX)
                .withDrawsPerStep(KnownRun.DRAWS);
    }
}
