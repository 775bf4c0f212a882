package io.sluice.ops.chaos;

import io.sluice.ops.processes.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Trainers that come twice or come back: F20, F21. */
final class TrainerFaults {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SECOND_BRIDGE = "bridge-2";

    private TrainerFaults() {}

    static List<Fault> all() {
        return List.of(new Twice(), new Rewind());
    }

    private static final class Twice implements Fault {

        @Override
        public String id() {
            return "F20";
        }

        @Override
        public String what() {
            return "a second trainer of the run: on the same bridge, then on a bridge of its own";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            String refusal = sameBridge(scene);
            Scene.await("a checkpoint", LIMIT, () -> !scene.checkpoints().isEmpty());
            TrainerProcess first = scene.trainer();
            Optional<Path> checkpoint = newest(scene.checkpoints());
            JavaProcess bridge = scene.startSecondBridge(SECOND_BRIDGE);
            TrainerProcess second = scene.startTrainer(SECOND_BRIDGE, checkpoint);
            Scene.await(
                    "the news for the first trainer",
                    LIMIT,
                    () ->
                            first.last("state")
                                    .filter(state -> state.words().get(0).equals("fenced"))
                                    .isPresent());
            boolean goesOn = first.isAlive();
            scene.awaitPlan(System.currentTimeMillis(), ack -> true, LIMIT);
            second.kill();
            bridge.kill();
            first.kill();
            scene.startTrainer(checkpoint);
            return Outcome.now(
                    refusal.equals("trainer_connected") && goesOn,
                    "refused with '"
                            + refusal
                            + "'; the first bridge's trainer was told 'fenced' and went on");
        }

        private static String sameBridge(Scene scene) throws Exception {
            try (TrainerProcess second = scene.attachToFirstBridge()) {
                Scene.await(
                        "an answer for the second trainer",
                        LIMIT,
                        () ->
                                second.last("refused").isPresent()
                                        || second.last("start").isPresent());
                return second.last("refused").map(fact -> fact.words().get(0)).orElse("nothing");
            }
        }
    }

    private static final class Rewind implements Fault {

        @Override
        public String id() {
            return "F21";
        }

        @Override
        public String what() {
            return "kill -9 the trainer, which resumes from its last checkpoint but one";
        }

        @Override
        public Outcome strike(Scene scene) throws Exception {
            Scene.await("two checkpoints", LIMIT, () -> scene.checkpoints().size() >= 2);
            List<Path> checkpoints = scene.checkpoints();
            long before = scene.told("step").orElseThrow().number(0);
            scene.trainer().kill();
            scene.killed();
            scene.startTrainer(Optional.of(checkpoints.get(checkpoints.size() - 2)));
            long resumed = scene.told("start").orElseThrow().number(1);
            return Outcome.now(
                    resumed < before, "from step " + before + " back to step " + resumed);
        }
    }

    private static Optional<Path> newest(List<Path> checkpoints) {
        return Optional.of(checkpoints.get(checkpoints.size() - 1));
    }
}
