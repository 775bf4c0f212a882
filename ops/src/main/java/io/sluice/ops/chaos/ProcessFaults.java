package io.sluice.ops.chaos;

import io.sluice.ops.processes.JavaProcess;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.JobID;

/** Processes that die or stand still: F1, F2, F3. */
final class ProcessFaults {

    private static final Duration NEXT_PLAN = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int BROKER_AWAY_MILLIS = 8_000;
    private static final int BROKER_STILL_MILLIS = 15_000;

    private ProcessFaults() {}

    static List<Fault> all() {
        return List.of(new KillTaskManager(), new KillJobManager(), new KillBroker());
    }

    private static final class KillTaskManager implements Fault {

        @Override
        public String id() {
            return "F1";
        }

        @Override
        public String what() {
            return "kill -9 the TaskManager that runs the job, with a spare";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            long epoch = scene.newestEpoch();
            long killed = scene.killTaskManager();
            long plan = scene.awaitPlan(killed, ack -> ack.getOfferedEpoch() > epoch, LIMIT);
            return new Outcome(
                    killed,
                    epoch,
                    plan - killed <= NEXT_PLAN.toMillis(),
                    String.format("next plan after %.1f s", (plan - killed) / 1e3));
        }
    }

    private static final class KillJobManager implements Fault {

        @Override
        public String id() {
            return "F2";
        }

        @Override
        public String what() {
            return "kill -9 the JobManager; another takes over";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            JobID job = scene.job();
            long epoch = scene.newestEpoch();
            scene.cluster().jobManager().kill();
            scene.killed();
            Thread.sleep(1_000 + scene.random().nextInt(3_000));
            scene.cluster().startJobManager();
            long up = System.currentTimeMillis();
            scene.awaitPlan(up, ack -> ack.getOfferedEpoch() > epoch, LIMIT);
            boolean same = scene.cluster().rest().liveJobs().equals(List.of(job));
            long checkpoints = scene.cluster().rest().completedCheckpoints(job);
            Scene.await(
                    "a checkpoint",
                    LIMIT,
                    () -> scene.cluster().rest().completedCheckpoints(job) > checkpoints);
            return new Outcome(
                    up, epoch, same, same ? "the same job, with a new checkpoint" : "another job");
        }
    }

    private static final class KillBroker implements Fault {

        @Override
        public String id() {
            return "F3";
        }

        @Override
        public String what() {
            return "kill -9 the broker, start it again; then stop its threads for a while";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            long starts = scene.starts();
            scene.cluster().broker().kill();
            scene.killed();
            Thread.sleep(BROKER_AWAY_MILLIS);
            scene.cluster().startBroker();
            scene.awaitPlan(System.currentTimeMillis(), ack -> true, LIMIT);
            JavaProcess broker = scene.cluster().broker();
            broker.pause();
            Thread.sleep(BROKER_STILL_MILLIS);
            broker.resume();
            long resumed = System.currentTimeMillis();
            scene.awaitPlan(resumed, ack -> true, LIMIT);
            long more = scene.starts() - starts;
            return new Outcome(resumed, -1, more == 0, more + " restarts of the job");
        }
    }
}
