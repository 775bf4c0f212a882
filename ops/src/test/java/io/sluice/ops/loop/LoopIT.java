package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.Decision;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole loop on a real broker and a mini cluster, with a trainer whose best mixture is known.
 */
@ExtendWith(StackExtension.class)
final class LoopIT {

    @Test
    void theMixtureGetsToTheKnownBestAndStaysThereAcrossAResume(
            LocalStack stack, @TempDir Path folder) throws Exception {
        RunSpec spec = KnownRun.spec("loop-dga", "dga");
        Plans plans = new Plans();
        ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 1);
        TrainerCheckpoint checkpoint;
        StepPlan last;
        try (Bridge bridge = Bridge.open(options(stack, folder.resolve("bridge")), spec, plans);
                TrainerSession session = bridge.start()) {
            plans.awaitAttempt();
            last = train(trainer, session, plans, 0, 30);
            checkpoint = session.checkpoint(30 * KnownRun.ROUND_STEPS);
        }

        // Floors and cap of the box: what helps has all that the others need not have.
        assertThat(last.mixture().weight(KnownRun.HELPS)).isCloseTo(0.9, within(1e-9));
        assertThat(last.mixture().weight(KnownRun.HURTS)).isCloseTo(0.05, within(1e-9));
        assertThat(last.mixture().weight(KnownRun.USELESS)).isCloseTo(0.05, within(1e-9));
        assertThat(plans.refused).isEmpty();

        try (Bridge bridge = Bridge.open(options(stack, folder.resolve("bridge")), spec, plans);
                TrainerSession session = bridge.start(checkpoint)) {
            assertThat(session.resumeStep()).isEqualTo(30 * KnownRun.ROUND_STEPS);
            StepPlan first = session.plan(session.resumeStep());
            assertThat(first.mixture()).isEqualTo(checkpoint.plan().mixture());
            assertThat(first.version()).isEqualTo(checkpoint.plan().version());
        }
        assertThat(stack.jobFailure()).isEmpty();
    }

    @Test
    void theStaticPolicyLeavesTheMixtureAtThePriorAndPublishesNothing(
            LocalStack stack, @TempDir Path folder) throws Exception {
        RunSpec spec = KnownRun.spec("loop-static", "static");
        Plans plans = new Plans();
        ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 1);
        try (Bridge bridge = Bridge.open(options(stack, folder.resolve("bridge")), spec, plans);
                TrainerSession session = bridge.start()) {
            plans.awaitAttempt();
            for (long step = 0; step < 4 * KnownRun.ROUND_STEPS; step++) {
                assertThat(trainer.step(session, step).mixture()).isEqualTo(spec.prior());
            }
            List<Decision> decisions = decisions(stack, spec, 4);
            assertThat(decisions).allMatch(decision -> decision.getHold() == HoldReason.UNCHANGED);
        }
        assertThat(plans.accepted).isEmpty();
    }

    @Test
    void everyStepIsSealedOnceAndDrawnAsItsPlanSays(LocalStack stack, @TempDir Path folder)
            throws Exception {
        RunSpec spec = KnownRun.spec("loop-seals", "dga");
        Plans plans = new Plans();
        ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 2);
        List<StepPlan> taken = new ArrayList<>();
        try (Bridge bridge = Bridge.open(options(stack, folder.resolve("bridge")), spec, plans);
                TrainerSession session = bridge.start()) {
            plans.awaitAttempt();
            for (int round = 0; round < 8; round++) {
                for (long step = (long) round * KnownRun.ROUND_STEPS;
                        step < (round + 1L) * KnownRun.ROUND_STEPS;
                        step++) {
                    taken.add(trainer.step(session, step));
                }
                plans.await();
            }
        }
        long lastStep = taken.size() - 1L;
        List<Seal> seals =
                TopicReader.read(
                        stack.client(),
                        Topic.SEALS,
                        Seal.class,
                        found ->
                                found.stream()
                                        .anyMatch(
                                                s ->
                                                        of(s, spec)
                                                                && s.getThroughStep() >= lastStep));
        Map<Long, Long> sealed = new HashMap<>();
        for (Seal seal : seals) {
            for (long step = seal.getFromStep();
                    of(seal, spec) && step <= seal.getThroughStep();
                    step++) {
                assertThat(sealed.put(step, seal.getVersion()))
                        .as("step %d sealed twice", step)
                        .isNull();
            }
        }
        taken.forEach(plan -> assertThat(sealed).containsEntry(plan.step(), plan.version()));
        drawsFollowThePlan(taken);
    }

    /** From a plan's first step on, each group's draws are within one of their expectation. */
    private static void drawsFollowThePlan(List<StepPlan> taken) {
        Map<GroupId, Integer> counts = new HashMap<>();
        long version = -1;
        int draws = 0;
        for (StepPlan plan : taken) {
            if (plan.version() != version) {
                counts.clear();
                draws = 0;
                version = plan.version();
            }
            plan.draws().forEach(group -> counts.merge(group, 1, Integer::sum));
            draws += plan.draws().size();
            Mixture mixture = plan.mixture();
            for (GroupId group : mixture.groups()) {
                assertThat((double) counts.getOrDefault(group, 0))
                        .isCloseTo(draws * mixture.weight(group), within(1.0));
            }
        }
    }

    /**
     * Trains whole rounds; after each, waits until its plan is there, so that the next round can
     * draw by it.
     */
    private static StepPlan train(
            ScriptedTrainer trainer, TrainerSession session, Plans plans, int fromRound, int rounds)
            throws InterruptedException {
        StepPlan last = null;
        for (int round = fromRound; round < fromRound + rounds; round++) {
            for (long step = (long) round * KnownRun.ROUND_STEPS;
                    step < (round + 1L) * KnownRun.ROUND_STEPS;
                    step++) {
                last = trainer.step(session, step);
            }
            // At the fixed point nothing changes any more, and nothing is published.
            if (last.mixture().weight(KnownRun.HELPS) < 0.9 - 1e-6) {
                plans.await();
            }
        }
        return last;
    }

    private static boolean of(Seal seal, RunSpec spec) {
        return seal.getRunId().equals(spec.runId());
    }

    private static List<Decision> decisions(LocalStack stack, RunSpec spec, int count) {
        return TopicReader.read(
                        stack.client(),
                        Topic.DECISIONS,
                        Decision.class,
                        found ->
                                found.stream()
                                                .filter(d -> d.getRunId().equals(spec.runId()))
                                                .count()
                                        >= count)
                .stream()
                .filter(decision -> decision.getRunId().equals(spec.runId()))
                .toList();
    }

    private static BridgeOptions options(LocalStack stack, Path folder) {
        return BridgeOptions.of(stack.client().getProperty("bootstrap.servers"), folder)
                .withDrawsPerStep(KnownRun.DRAWS)
                .withLeaseSteps(2);
    }
}
