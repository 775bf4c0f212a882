package io.sluice.ops.chaos;

import io.sluice.ops.cluster.FlinkRest;
import io.sluice.ops.processes.JavaProcess;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobID;

/** Jobs that move, come twice, come back, or fail on a record: F18, F19, F22, F27. */
final class JobFaults {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long ZOMBIE_MILLIS = 20_000;
    private static final int LEAST_RESTARTS = 3;

    private JobFaults() {}

    static List<Fault> all() {
        return List.of(new Rescale(), new TwoControllers(), new OldSavepoint(), new Poison());
    }

    private static final class Rescale implements Fault {

        @Override
        public String id() {
            return "F18";
        }

        @Override
        public String what() {
            return "savepoint, stop, rescale: 1 -> 2 -> 4 -> 1";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            for (int parallelism : new int[] {2, 4, 1}) {
                String savepoint =
                        scene.cluster()
                                .rest()
                                .savepoint(scene.job(), scene.cluster().savepoints(), true);
                long stopped = System.currentTimeMillis();
                scene.submit(parallelism, Optional.of(savepoint));
                scene.awaitPlan(stopped, ack -> true, LIMIT);
            }
            return Outcome.now(true, "a plan at each parallelism");
        }
    }

    private static final class TwoControllers implements Fault {

        @Override
        public String id() {
            return "F19";
        }

        @Override
        public String what() {
            return "a TaskManager stands still until it is replaced, and wakes; a second job begins";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            FlinkRest rest = scene.cluster().rest();
            long epoch = scene.newestEpoch();
            JavaProcess zombie = scene.cluster().taskManagers().get(scene.workingTaskManager());
            zombie.pause();
            Thread.sleep(ZOMBIE_MILLIS);
            zombie.resume();
            scene.awaitPlan(
                    System.currentTimeMillis(), ack -> ack.getOfferedEpoch() > epoch, LIMIT);
            scene.cluster().awaitSlots(1);

            JobID second = scene.submitSecond();
            long successor = scene.newestEpoch();
            long refused = scene.refusedFor(AckVerdict.STALE_EPOCH, successor);
            scene.awaitPlan(
                    System.currentTimeMillis(), ack -> ack.getOfferedEpoch() > successor, LIMIT);
            boolean bothLive = rest.liveJobs().size() == 2;
            Scene.await(
                    "the refusal of a plan of the first controller",
                    LIMIT,
                    () -> scene.refusedFor(AckVerdict.STALE_EPOCH, successor) > refused);
            rest.cancel(scene.job());
            scene.adopt(second);
            return Outcome.now(
                    bothLive, "the second controller's plans were taken, the first one's refused");
        }
    }

    private static final class OldSavepoint implements Fault {

        private static final int ROUNDS_MILLIS = 8_000;

        @Override
        public String id() {
            return "F22";
        }

        @Override
        public String what() {
            return "the job is restored from a savepoint of some time ago";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            String savepoint =
                    scene.cluster()
                            .rest()
                            .savepoint(scene.job(), scene.cluster().savepoints(), false);
            Thread.sleep(ROUNDS_MILLIS);
            long epoch = scene.newestEpoch();
            scene.cluster().rest().cancel(scene.job());
            long cancelled = System.currentTimeMillis();
            scene.submit(1, Optional.of(savepoint));
            scene.awaitPlan(cancelled, ack -> ack.getOfferedEpoch() > epoch, LIMIT);
            return new Outcome(cancelled, epoch, true, "plans of a new epoch were taken");
        }
    }

    private static final class Poison implements Fault {

        @Override
        public String id() {
            return "F27";
        }

        @Override
        public String what() {
            return "a record on which the job itself throws; then the job skips it";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            FlinkRest rest = scene.cluster().rest();
            RecordSender.Sent sent;
            try (RecordSender sender = new RecordSender(scene.cluster().client())) {
                sent = sender.send(Scene.POISON, new byte[] {0});
            }
            String position =
                    Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX)
                            + ":"
                            + sent.partition()
                            + ":"
                            + sent.offset();
            Scene.await(
                    "a restart",
                    LIMIT,
                    () -> rest.failureMillis(scene.job(), position).size() > LEAST_RESTARTS);
            boolean named = rest.failures(scene.job()).stream().anyMatch(f -> f.contains(position));
            boolean slower = rises(rest.failureMillis(scene.job(), position));
            String checkpoint = rest.newestCheckpoint(scene.job());
            rest.cancel(scene.job());
            scene.jobOptions(scene.cluster().job().withSkipped(Set.of(position)));
            long cancelled = System.currentTimeMillis();
            scene.submit(1, Optional.of(checkpoint));
            scene.awaitPlan(cancelled, ack -> true, LIMIT);
            boolean listed =
                    Recount.rejected(scene.history())
                            .containsKey(new Recount.Place(sent.partition(), sent.offset()));
            return new Outcome(
                    cancelled,
                    -1,
                    named && slower && listed,
                    (named ? "position named" : "position not named")
                            + (slower ? ", delays rise" : ", delays do not rise")
                            + (listed ? ", skipped and listed" : ", not listed"));
        }

        /** Whether the time between failures grew from first to last. */
        private static boolean rises(List<Long> millis) {
            int last = millis.size() - 1;
            return last >= 2
                    && millis.get(last) - millis.get(last - 1) > millis.get(1) - millis.get(0);
        }
    }
}
