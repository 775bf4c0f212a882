package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.ops.UserException;
import io.sluice.ops.cli.SluiceCommand;
import io.sluice.ops.inspect.Explanation;
import io.sluice.ops.inspect.HistoryView;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.RejectsView;
import io.sluice.ops.inspect.ReplayView;
import io.sluice.ops.inspect.RunView;
import io.sluice.ops.inspect.StatusFeed;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a run from the topics is what its trainer saw, also after a resume. */
@ExtendWith(StackExtension.class)
final class InspectIT {

    private static final String RUN = "inspected";
    private static final int ROUND_STEPS = 8;
    private static final int ROUNDS = 5;
    private static final int RESUME_ROUND = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final GroupId HELPS = new GroupId("helps");
    private static final GroupId HURTS = new GroupId("hurts");

    /** Hears attempts and plans; a test waits for them, a trainer never would. */
    private static final class Heard implements BridgeListener {
        private final BlockingQueue<Long> attempts = new LinkedBlockingQueue<>();
        private final BlockingQueue<Plan> plans = new LinkedBlockingQueue<>();

        @Override
        public void attemptStarted(long number) {
            attempts.add(number);
        }

        @Override
        public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
            plans.add(plan);
        }

        static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
            T heard = queue.poll(60, TimeUnit.SECONDS);
            assertThat(heard).as("heard within 60 s").isNotNull();
            return heard;
        }
    }

    /** What a trainer saw of an attempt. */
    private record Seen(long attempt, List<StepPlan> steps, Optional<TrainerCheckpoint> saved) {}

    @Test
    void statusHistoryExplanationsAndRejectsTellTheTruth(LocalStack stack, @TempDir Path folder)
            throws Exception {
        Seen first = train(stack, folder, Optional.empty());
        Seen second = train(stack, folder, first.saved());
        awaitSeals(stack, second);
        long rejectedOffset = rejectOne(stack);

        try (Inspector inspector = inspector(stack)) {
            RunView run = inspector.status(Optional.of(RUN), InstantSource.system()).runs().get(0);
            StepPlan last = second.steps().get(second.steps().size() - 1);
            assertThat(run.attempt().orElseThrow().number()).isEqualTo(second.attempt());
            assertThat(run.attempt().orElseThrow().resumeStep())
                    .isEqualTo(RESUME_ROUND * ROUND_STEPS);
            assertThat(run.sealedThrough().orElseThrow()).isGreaterThanOrEqualTo(last.step());
            assertThat(run.declaration().orElseThrow().policy()).isEqualTo("dga");
            assertThat(run.decision().orElseThrow().attempt()).isEqualTo(second.attempt());
            assertThat(run.refused()).isEmpty();
            assertThat(run.rejects()).isEqualTo(Map.of(RejectReason.UNDECODABLE, 1L));

            for (int i = 0; i < RESUME_ROUND * ROUND_STEPS; i += 3) {
                matches(inspector, first.steps().get(i), first.attempt());
                matches(inspector, second.steps().get(i), second.attempt());
            }
            explainsTheResume(inspector, first, second);
            explainsADecisionOfTheSecondAttempt(inspector, second);
            historyAgrees(inspector, second);
            showsTheReject(inspector, rejectedOffset);
            namesWhatIsNotThere(inspector);
            replaysEveryDecision(inspector);
        }
        watchesWhatIsNew(stack);
        everyCommandPrintsItsResult(stack);
        assertThat(stack.jobFailure()).isEmpty();
    }

    private static void replaysEveryDecision(Inspector inspector) {
        List<JsonNode> made = new ArrayList<>();

        ReplayView replay = inspector.replay(RUN, made::add);

        assertThat(replay.difference()).isEmpty();
        assertThat(replay.same()).isEqualTo(replay.recorded()).isEqualTo(made.size());
        assertThat(replay.recorded()).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(replay.plans()).isPositive();
        assertThat(replay.text()).contains("all bit-identical");
    }

    private static void matches(Inspector inspector, StepPlan step, long attempt) {
        Explanation why = inspector.explain(RUN, step.step());
        assertThat(why.plan().attempt()).isEqualTo(attempt);
        assertThat(why.plan().version()).as("step %d", step.step()).isEqualTo(step.version());
        for (Explanation.Group group : why.groups()) {
            assertThat(group.now())
                    .as("share of %s at step %d", group.group(), step.step())
                    .hasValue(step.mixture().weight(new GroupId(group.group())));
        }
    }

    private static void explainsTheResume(Inspector inspector, Seen first, Seen second) {
        long resumed = RESUME_ROUND * ROUND_STEPS;
        Explanation why = inspector.explain(RUN, resumed);
        assertThat(why.plan().origin()).isEqualTo(Explanation.Origin.CARRIED);
        assertThat(why.plan().resumeStep()).hasValue(resumed);
        assertThat(why.takenBack())
                .containsExactly(
                        new Explanation.TakenBack(
                                first.attempt(), first.steps().get((int) resumed).version()));
        assertThat(why.decision().orElseThrow().attempt()).isEqualTo(first.attempt());
        assertThat(inspector.explain(RUN, 0).plan().origin()).isEqualTo(Explanation.Origin.PRIOR);
        assertThat(second.steps().get(0).version()).isPositive();
    }

    private static void explainsADecisionOfTheSecondAttempt(Inspector inspector, Seen second) {
        StepPlan last = second.steps().get(second.steps().size() - 1);
        Explanation why = inspector.explain(RUN, last.step());
        assertThat(why.plan().origin()).isEqualTo(Explanation.Origin.DECIDED);
        Explanation.Made made = why.decision().orElseThrow();
        assertThat(made.attempt()).isEqualTo(second.attempt());
        assertThat(made.policy()).isEqualTo("dga");
        assertThat(made.basis()).isEqualTo("RETURNED");
        assertThat(made.basisRound()).isEqualTo(RESUME_ROUND);
        Explanation.Guards guards = why.guards().orElseThrow();
        assertThat(guards.proposedKl()).as("the guards can be retraced").isPresent();
        assertThat(guards.decidedKl())
                .isLessThanOrEqualTo(why.declaration().orElseThrow().maxKl() + 1e-9);
        Explanation.Group helps = why.groups().get(0);
        assertThat(helps.group()).isEqualTo(HELPS.value());
        assertThat(helps.alignments().get(0)).isCloseTo(0.9, within(0.1));
        assertThat(helps.score().orElseThrow()).isPositive();
        assertThat(helps.change()).isPositive();
    }

    private static void historyAgrees(Inspector inspector, Seen second) {
        HistoryView history = inspector.history(RUN, 1_000);
        assertThat(history.plans()).hasSize((int) history.published());
        StepPlan last = second.steps().get(second.steps().size() - 1);
        assertThat(history.plans())
                .anySatisfy(
                        plan -> {
                            assertThat(plan.attempt()).isEqualTo(second.attempt());
                            assertThat(plan.version()).isEqualTo(last.version());
                            assertThat(plan.outcome()).isEqualTo(HistoryView.Outcome.SEALED);
                            assertThat(plan.sealed())
                                    .anyMatch(
                                            steps ->
                                                    steps.from() <= last.step()
                                                            && last.step() <= steps.through());
                            assertThat(plan.largest()).isNotEmpty();
                        });
    }

    private static void showsTheReject(Inspector inspector, long offset) {
        RejectsView rejects =
                inspector.rejects(Optional.of(RUN), Optional.of(RejectReason.UNDECODABLE), 5);
        assertThat(rejects.rejects()).hasSize(1);
        RejectsView.Reject reject = rejects.rejects().get(0);
        assertThat(reject.topic()).isEqualTo(Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX));
        assertThat(reject.offset()).isEqualTo(offset);
        assertThat(rejects.repeated()).isEmpty();

        List<JsonNode> shown = new ArrayList<>();
        inspector.decodeFrom(
                reject.topic(),
                reject.partition(),
                reject.offset(),
                Optional.empty(),
                1,
                shown::add);
        assertThat(shown).hasSize(1);
        assertThat(shown.get(0).at("/offset").asLong()).isEqualTo(offset);
        assertThat(shown.get(0).at("/undecodable/hexPrefix").asText()).isEqualTo("6f6f7073");

        List<JsonNode> seals = new ArrayList<>();
        inspector.decodeNewest("seals", Optional.empty(), Optional.of(RUN), 2, seals::add);
        assertThat(seals).hasSize(2).allMatch(seal -> seal.at("/type").asText().equals("Seal"));
    }

    private static void namesWhatIsNotThere(Inspector inspector) {
        assertThatThrownBy(() -> inspector.explain(RUN, 1_000_000))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("not sealed step 1000000");
        assertThatThrownBy(() -> inspector.history("nobody", 5))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("nobody")
                .hasMessageContaining(RUN);
        assertThatThrownBy(
                        () ->
                                inspector.decodeNewest(
                                        "nowhere",
                                        Optional.empty(),
                                        Optional.empty(),
                                        1,
                                        json -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no topic nowhere");
        assertThatThrownBy(
                        () -> inspector.decodeFrom("plans", 99, 0, Optional.empty(), 1, json -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--partition");
    }

    private static void watchesWhatIsNew(LocalStack stack) throws Exception {
        try (StatusFeed feed =
                StatusFeed.open(
                        stack.client(),
                        Topic.DEFAULT_PREFIX,
                        LIMIT,
                        Optional.of(RUN),
                        InstantSource.system())) {
            long before = rejects(feed);
            assertThat(rejects(feed)).as("nothing is counted twice").isEqualTo(before);
            rejectOne(stack);
            assertThat(rejects(feed)).isEqualTo(before + 1);
            feed.stop();
            assertThat(feed.nextUnlessStopped()).isEmpty();
        }
    }

    private static void everyCommandPrintsItsResult(LocalStack stack) {
        assertThat(printed(stack, "status", "--run", RUN)).startsWith("run " + RUN);
        assertThat(printed(stack, "watch", "--run", RUN, "--looks", "1"))
                .contains("run " + RUN + ": attempt ");
        assertThat(printed(stack, "watch", "--run", RUN, "--looks", "1", "--output", "json"))
                .startsWith("{\"asOf\":");
        assertThat(printed(stack, "history", "--run", RUN, "--last", "2"))
                .startsWith("run " + RUN + ": the newest 2 of ");
        assertThat(printed(stack, "explain", "1", "--run", RUN))
                .startsWith("run " + RUN + ", step 1: plan 0 holds (PRIOR)");
        assertThat(printed(stack, "rejects", "list", "--run", RUN)).contains("UNDECODABLE");
        assertThat(printed(stack, "decode", "runs", "--run", RUN, "--count", "1").lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("{\"topic\":\"sluice.runs\"");
    }

    /** What a command writes to standard output; it must succeed. */
    private static String printed(LocalStack stack, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--bootstrap", stack.client().getProperty("bootstrap.servers")));
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(SluiceCommand.execute(arguments.toArray(new String[0]))).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static long rejects(StatusFeed feed) {
        return feed.next().runs().get(0).rejects().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Trains from a checkpoint, or from the beginning; saves one at the round to resume in. */
    private static Seen train(LocalStack stack, Path folder, Optional<TrainerCheckpoint> from)
            throws Exception {
        Heard heard = new Heard();
        ScriptedTrainer trainer = new ScriptedTrainer(spec(), Map.of(HELPS, 0.9, HURTS, -0.5), 1);
        BridgeOptions options =
                BridgeOptions.of(
                                stack.client().getProperty("bootstrap.servers"),
                                folder.resolve("bridge"))
                        .withDrawsPerStep(8)
                        .withLeaseSteps(2);
        try (Bridge bridge = Bridge.open(options, spec(), heard);
                TrainerSession session =
                        from.isPresent() ? bridge.start(from.get()) : bridge.start()) {
            long attempt = Heard.next(heard.attempts);
            List<StepPlan> steps = new ArrayList<>();
            Optional<TrainerCheckpoint> saved = Optional.empty();
            int round = from.isPresent() ? RESUME_ROUND : 0;
            for (; round < ROUNDS + (from.isPresent() ? 1 : 0); round++) {
                if (round == RESUME_ROUND) {
                    saved = Optional.of(session.checkpoint((long) round * ROUND_STEPS));
                }
                for (int step = 0; step < ROUND_STEPS; step++) {
                    steps.add(trainer.step(session, (long) round * ROUND_STEPS + step));
                }
                Heard.next(heard.plans);
            }
            return new Seen(attempt, steps, saved);
        }
    }

    private static void awaitSeals(LocalStack stack, Seen seen) {
        long last = seen.steps().get(seen.steps().size() - 1).step();
        TopicReader.read(
                stack.client(),
                Topic.SEALS,
                Seal.class,
                found ->
                        found.stream()
                                .anyMatch(
                                        seal ->
                                                seal.getRunId().equals(RUN)
                                                        && seal.getAttempt() == seen.attempt()
                                                        && seal.getThroughStep() >= last));
    }

    /** Sends what no job can read, waits until it is turned away, and returns its offset. */
    private static long rejectOne(LocalStack stack) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        stack.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            var sent =
                    producer.send(
                                    new ProducerRecord<>(
                                            Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX),
                                            RUN.getBytes(StandardCharsets.UTF_8),
                                            "oops".getBytes(StandardCharsets.UTF_8)))
                            .get();
            TopicReader.read(
                    stack.client(),
                    Topic.REJECTS,
                    Rejected.class,
                    found ->
                            found.stream()
                                    .anyMatch(
                                            reject ->
                                                    reject.getOffset() == sent.offset()
                                                            && reject.getPartition()
                                                                    == sent.partition()));
            return sent.offset();
        }
    }

    private static Inspector inspector(LocalStack stack) {
        return new Inspector(stack.client(), Topic.DEFAULT_PREFIX, LIMIT);
    }

    private static RunSpec spec() {
        return new RunSpec(
                RUN,
                List.of(new GroupSpec(HELPS, 0.5, 0.05, 0.9), new GroupSpec(HURTS, 0.5, 0.05, 0.9)),
                List.of(new TargetSpec(new TargetId("target"), 1)),
                PolicySpec.of("dga"),
                GuardSpec.DEFAULT,
                new RoundSpec(ROUND_STEPS, 1, 0),
                new SketchSpec(61, 7),
                2,
                7,
                Mode.CONTROL,
                "");
    }
}
