package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.command;
import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeCommandsTest {

    private final TestingRun run = TestingRun.ofShards(2);
    private StageHarness<String, RawRecord, Routed> intake;

    @BeforeEach
    void open() throws Exception {
        intake = IntakeHarness.open();
    }

    @AfterEach
    void close() throws Exception {
        intake.close();
    }

    @Test
    void aCommandGoesToOneShardOnly() throws Exception {
        start();
        intake.takeOutputs();
        intake.send(raw(Topic.CONTROL, 4, pin("es", 0.4).build()));

        List<Routed> routed = intake.takeOutputs();
        assertThat(routed).hasSize(1);
        assertThat(routed.get(0).shard()).isZero();
        StageEvent.Commanded commanded = (StageEvent.Commanded) routed.get(0).event();
        assertThat(commanded.command().id()).isEqualTo("c-1");
        assertThat(commanded.at()).isEqualTo(new StageEvent.Origin("sluice.control", 3, 4));
    }

    @Test
    void aCommandThatComesBeforeTheFirstAttemptWaitsForIt() throws Exception {
        intake.send(raw(Topic.CONTROL, 0, pin("es", 0.4).build()));
        assertThat(intake.takeOutputs()).isEmpty();

        start();
        assertThat(intake.takeOutputs())
                .extracting(routed -> routed.event().getClass().getSimpleName())
                .containsExactly("Started", "Started", "Commanded");
    }

    @Test
    void aCommandOfARunThatNeverStartsIsTurnedAway() throws Exception {
        intake.send(raw(Topic.CONTROL, 0, pin("es", 0.4).build()));
        intake.setTime(TestingRun.OPTIONS.holdTime().toMillis() * 9 / 8);

        assertThat(intake.takeRejects())
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.UNKNOWN_RUN);
    }

    @Test
    void whatNoRunCouldObeyIsTurnedAwayWithTheReason() throws Exception {
        start();
        assertTurnedAway(pin("xx", 0.4), "the run has no group xx");
        assertTurnedAway(pin("es", 1.5), "the pinned share 1.5 of group es is not in (0, 1]");
        assertTurnedAway(pin("es", Double.NaN), "the pinned share NaN of group es");
        assertTurnedAway(pin("es", 0.4).setWho(""), "'who' has 0 bytes");
        assertTurnedAway(pin("es", 0.4).setWhy("y".repeat(257)), "'why' has 257 bytes");
        assertTurnedAway(pin("es", 0.4).setId("no id"), "command 'no id' is not an identifier");
        assertTurnedAway(pin("es", 0.4).setId("i".repeat(65)), "longer than 64 characters");
        assertTurnedAway(pin("es", 0.4).setUntilStep(-7), "-7, which is negative");
        assertTurnedAway(
                pin("es", 0.4).setSpecDigest("another"), "it is meant for declaration another");
        assertTurnedAway(command("c", CommandKind.EXCLUDE), "names no group");
        assertTurnedAway(command("c", CommandKind.PIN), "pins 0 groups");
        assertTurnedAway(command("c", CommandKind.UNKNOWN), "UNKNOWN is no Kind");
        assertTurnedAway(command("c", CommandKind.FREEZE).setGroups(List.of("es")), "lists groups");
        assertTurnedAway(
                command("c", CommandKind.ROLLBACK).setWeights(List.of(new GroupWeight("es", 1.0))),
                "its mixture does not have the run's groups");
        assertTurnedAway(
                command("c", CommandKind.ROLLBACK).setWeights(List.of(new GroupWeight("es", 0.5))),
                "weights sum to 0.5");
        assertTurnedAway(
                command("c", CommandKind.SET_POLICY).setPolicy("nonesuch"),
                "no policy is called 'nonesuch'");
        assertTurnedAway(
                command("c", CommandKind.SET_POLICY)
                        .setPolicy("dga")
                        .setPolicyOptions(Map.of("eta", -1.0)),
                "eta -1.0 is not in [1.0E-6, 100.0]");
        assertTurnedAway(
                command("c", CommandKind.SET_POLICY).setFloors(List.of(new GroupWeight("es", 0.9))),
                "floor 0.9 is not in [0, prior = 0.25]");
        assertTurnedAway(command("c", CommandKind.SET_POLICY).setMaxKl(-3), "largest change -3.0");
    }

    @Test
    void aCommandOnAnotherTopicOrUnderAnotherKeyIsTurnedAway() throws Exception {
        start();
        intake.send(raw(Topic.RUNS, 9, pin("es", 0.4).build()));
        intake.send(
                raw(
                        Topic.CONTROL,
                        9,
                        "another",
                        TestingRun.CONTRACT.encode(pin("es", 0.4).build())));

        assertThat(intake.takeRejects())
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.WRONG_TOPIC, RejectReason.UNKNOWN_RUN);
    }

    private void start() throws Exception {
        intake.send(raw(Topic.RUNS, 0, run.declared()));
        intake.send(raw(Topic.RUNS, 1, run.started(0, "r0")));
    }

    private void assertTurnedAway(OperatorCommand.Builder command, String message)
            throws Exception {
        intake.takeOutputs();
        intake.send(raw(Topic.CONTROL, 9, command.build()));

        assertThat(intake.takeOutputs()).isEmpty();
        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.INVALID_COMMAND);
        assertThat(rejects.get(0).getMessage()).contains(message);
    }

    private static OperatorCommand.Builder pin(String group, double share) {
        return command("c-1", CommandKind.PIN).setWeights(List.of(new GroupWeight(group, share)));
    }
}
