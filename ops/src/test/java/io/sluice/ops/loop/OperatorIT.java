package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.RunSpec;
import io.sluice.ops.cli.SluiceCommand;
import io.sluice.ops.inspect.CommandLine;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.RunView;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Decision;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An operator's word reaches the trainer's draws, and is taken back. */
@ExtendWith(StackExtension.class)
final class OperatorIT {

    private static final String RUN = "operated";
    private static final int MOST_ROUNDS = 400;

    private final RunSpec spec = KnownRun.spec(RUN, "dga");
    private final ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 1);
    private TrainerSession session;
    private long step;

    @Test
    void aPinIsDrawnUntilItIsUndone(LocalStack stack, @TempDir Path folder) throws Exception {
        Plans plans = new Plans();
        BridgeOptions options =
                BridgeOptions.of(stack.client().getProperty("bootstrap.servers"), folder)
                        .withDrawsPerStep(KnownRun.DRAWS)
                        .withLeaseSteps(2);
        try (Bridge bridge = Bridge.open(options, spec, plans)) {
            session = bridge.start();
            plans.awaitAttempt();
            round();
            plans.await();

            assertThat(command(stack, "pin", "useless=0.6").join()).isZero();
            StepPlan pinned = round();
            for (int i = 0; i < MOST_ROUNDS && !isPinned(pinned); i++) {
                pinned = round();
            }
            assertThat(isPinned(pinned)).isTrue();
            CommandLine standing = status(stack).commands().get(0);
            assertThat(standing.what()).isEqualTo("pin useless=0.6");
            assertThat(standing.who()).isEqualTo("ana");
            assertThat(standing.why()).isEqualTo("a trial");

            assertThat(command(stack, "unpin", "useless").join()).isZero();
            StepPlan free = round();
            for (int i = 0; i < MOST_ROUNDS && isPinned(free); i++) {
                free = round();
            }
            assertThat(free.mixture().weight(KnownRun.USELESS)).isLessThan(0.6);
            assertThat(status(stack).commands()).isEmpty();

            assertThat(command(stack, "unpin", "useless").join()).isEqualTo(3);
            session.finish();
            session.close();
        }
        List<CommandOutcome> outcomes =
                TopicReader.read(
                                stack.client(),
                                Topic.DECISIONS,
                                Decision.class,
                                found -> outcomes(found).size() >= 3)
                        .stream()
                        .filter(decision -> decision.getRunId().equals(RUN))
                        .flatMap(decision -> decision.getCommands().stream())
                        .toList();
        assertThat(outcomes)
                .extracting(CommandOutcome::getKind)
                .containsExactly(CommandKind.PIN, CommandKind.UNPIN, CommandKind.UNPIN);
        assertThat(outcomes)
                .extracting(CommandOutcome::getAccepted)
                .containsExactly(true, true, false);
        assertThat(outcomes.get(2).getMessage()).isEqualTo("no group is pinned");
        TopicReader.read(
                stack.client(),
                Topic.RUNS,
                RunEnded.class,
                found -> found.stream().anyMatch(ended -> ended.getRunId().equals(RUN)));
        assertThat(stack.jobFailure()).isEmpty();
    }

    @Test
    void aCommandThatNoRunCouldObeyIsNotEvenGiven(LocalStack stack, @TempDir Path folder)
            throws Exception {
        BridgeOptions options =
                BridgeOptions.of(stack.client().getProperty("bootstrap.servers"), folder);
        RunSpec other = KnownRun.spec("unoperated", "dga");
        Plans plans = new Plans();
        try (Bridge bridge = Bridge.open(options, other, plans);
                TrainerSession open = bridge.start()) {
            plans.awaitAttempt();
            assertThat(open.resumeStep()).isZero();

            assertThat(execute(stack, "exclude", "nonesuch", "--run", "unoperated")).isEqualTo(3);
            assertThat(execute(stack, "pin", "useless=1.5", "--run", "unoperated")).isEqualTo(3);
            assertThat(execute(stack, "rollback", "7", "--run", "unoperated")).isEqualTo(1);
            assertThat(execute(stack, "freeze", "--run", "no-such-run")).isEqualTo(1);
            assertThat(execute(stack, "set-policy", "dga", "--max-kl", "-1", "--run", "unoperated"))
                    .isEqualTo(2);
            assertThat(execute(stack, "freeze", "--run", "unoperated", "--dry-run")).isZero();
        }
    }

    /** Gives a command, and trains until the decision that confirms it. */
    private CompletableFuture<Integer> command(LocalStack stack, String name, String what) {
        CompletableFuture<Integer> given =
                CompletableFuture.supplyAsync(() -> execute(stack, name, what, "--run", RUN));
        while (!given.isDone()) {
            round();
            // The trainer is quicker than any; rounds that nobody could decide prove nothing.
            awaitDecision(stack);
        }
        return given;
    }

    private static int execute(LocalStack stack, String... command) {
        String[] all = new String[command.length + 6];
        System.arraycopy(command, 0, all, 0, command.length);
        List<String> rest =
                List.of(
                        "--why",
                        "a trial",
                        "--who",
                        "ana",
                        "--bootstrap",
                        stack.client().getProperty("bootstrap.servers"));
        for (int i = 0; i < rest.size(); i++) {
            all[command.length + i] = rest.get(i);
        }
        return SluiceCommand.execute(all);
    }

    private StepPlan round() {
        StepPlan last = null;
        for (int i = 0; i < KnownRun.ROUND_STEPS; i++) {
            last = trainer.step(session, step++);
        }
        return last;
    }

    private void awaitDecision(LocalStack stack) {
        long closed = step - 1;
        TopicReader.read(
                stack.client(),
                Topic.DECISIONS,
                Decision.class,
                found ->
                        found.stream()
                                .anyMatch(
                                        decision ->
                                                decision.getRunId().equals(RUN)
                                                        && decision.getThroughStep() >= closed));
    }

    private static boolean isPinned(StepPlan plan) {
        return plan.mixture().weight(KnownRun.USELESS) == 0.6;
    }

    private static List<CommandOutcome> outcomes(List<Decision> decisions) {
        return decisions.stream()
                .filter(decision -> decision.getRunId().equals(RUN))
                .flatMap(decision -> decision.getCommands().stream())
                .toList();
    }

    private static RunView status(LocalStack stack) {
        try (Inspector inspector =
                new Inspector(stack.client(), Topic.DEFAULT_PREFIX, Duration.ofSeconds(60))) {
            return inspector.status(Optional.of(RUN), InstantSource.system()).runs().get(0);
        }
    }
}
