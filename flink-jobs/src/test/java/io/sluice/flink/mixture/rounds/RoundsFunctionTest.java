package io.sluice.flink.mixture.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.Signal;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.RoutedLayout;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.StageEventLayout;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsFunctionTest {

    private final TestingRun run = TestingRun.ofShards(1);
    private StageHarness<Tuple2<String, Integer>, Routed, StageEvent> rounds;

    @BeforeEach
    void openStage() throws Exception {
        rounds = open(new HashMapStateBackend());
    }

    @AfterEach
    void close() throws Exception {
        rounds.close();
    }

    @Test
    void attemptsAndAnswersAreHandedOn() throws Exception {
        StageEvent started = started(run, 5);
        StageEvent ack =
                new StageEvent.Acknowledged(
                        FromContract.ack(
                                run.ack(5, run.prior(), AckVerdict.REPEATED, run.prior()).build()),
                        Optional.of(new StageEvent.Origin("sluice.acks", 0, 1)));
        rounds.send(new Routed(0, started));
        rounds.send(new Routed(0, ack));

        assertThat(rounds.takeOutputs()).containsExactly(started, ack);
    }

    @Test
    void theEndOfARunIsHandedOnAndNothingOfItStays() throws Exception {
        StageEvent ended = new StageEvent.Ended(TestingRun.RUN, 5);
        rounds.send(new Routed(0, started(run, 5)));
        List<Routed> round = routed(run, 5, 0);
        for (Routed event : round.subList(0, 4)) {
            rounds.send(event);
        }
        assertThat(rounds.stored()).isPositive();
        rounds.takeOutputs();

        rounds.send(new Routed(0, ended));

        assertThat(rounds.takeOutputs()).containsExactly(ended);
        assertThat(rounds.stored()).isZero();
    }

    @Test
    void aShardThatANewDeclarationDoesNotHaveIsForgotten() throws Exception {
        TestingRun two = TestingRun.ofShards(2);
        rounds.send(new Routed(1, started(two, 5)));
        rounds.takeOutputs();
        assertThat(rounds.stored()).isPositive();

        rounds.send(new Routed(1, started(run, 6)));

        assertThat(rounds.takeOutputs()).containsExactly(started(run, 6));
        assertThat(rounds.stored()).isZero();
    }

    @Test
    void anAttemptIsHandedOnWithAllThatTheOneBeforeCounted() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        for (Routed event : routed(run, 5, 0)) {
            rounds.send(event);
        }
        List<Routed> open = routed(run, 5, 1);
        rounds.send(open.get(0));
        rounds.send(open.get(0));
        rounds.restart();
        rounds.takeOutputs();

        rounds.send(new Routed(0, started(run, 6)));
        rounds.send(new Routed(0, started(run, 7)));

        long signals =
                routed(run, 5, 0).stream()
                        .filter(routed -> routed.event() instanceof StageEvent.Signalled)
                        .count();
        assertThat(rounds.takeOutputs())
                .extracting(event -> ((StageEvent.Started) event).left())
                .containsExactly(new ShardRound.Counts(signals + 1, 1, 0), ShardRound.Counts.ZERO);
    }

    @Test
    void aRoundGoesOnWhenItIsWhole() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        rounds.takeOutputs();
        List<Routed> round = routed(run, 5, 0);
        Routed last = round.remove(3);
        for (Routed event : round) {
            rounds.send(event);
        }
        assertThat(rounds.takeOutputs()).isEmpty();

        rounds.send(last);

        List<StageEvent> outputs = rounds.takeOutputs();
        assertThat(outputs).hasSize(1);
        ShardRound reduced = ((StageEvent.Reduced) outputs.get(0)).round();
        assertThat(reduced.round()).isZero();
        assertThat(reduced.status()).isEqualTo(ShardRound.Status.COMPLETE);
        assertThat(reduced.groups()).extracting(ShardRound.GroupRound::tokens).containsOnly(200L);
        assertThat(reduced.groups()).hasSize(3);
        assertThat(reduced.targets()).hasSize(1);
        assertThat(reduced.counts()).isEqualTo(new ShardRound.Counts(8, 0, 0));
        assertThat(outputs.get(0).origin()).isEqualTo(last.event().origin());
    }

    @Test
    void aLateSignalIsRejectedWithItsPosition() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        for (Routed event : routed(run, 5, 0)) {
            rounds.send(event);
        }
        GroupSignal late = run.signal(5, 0, TestingRun.EN, 0).build();
        rounds.send(new Routed(0, event(late, 4_711)));

        List<Rejected> rejects = rounds.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.LATE);
        assertThat(rejects.get(0).getMessage())
                .isEqualTo("round 0 is over; the next to be decided is 1");
        assertThat(rejects.get(0).getTopic()).isEqualTo("sluice.telemetry");
        assertThat(rejects.get(0).getPartition()).isEqualTo(3);
        assertThat(rejects.get(0).getOffset()).isEqualTo(4_711);
        assertThat(rejects.get(0).getOriginal().remaining()).isZero();
        assertThat(rounds.rejected("late")).isEqualTo(1);
    }

    @Test
    void aSignalThatRunsTooFarAheadIsRejected() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        rounds.send(new Routed(0, event(run.signal(5, 5, TestingRun.EN, 0).build(), 1)));

        assertThat(rounds.takeRejects())
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.TOO_EARLY);
    }

    @Test
    void aRepeatedSignalIsCountedAndHasNoEffect() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        rounds.takeOutputs();
        List<Routed> round = routed(run, 5, 0);
        rounds.send(round.get(0));
        for (Routed event : round) {
            rounds.send(event);
        }

        ShardRound reduced = ((StageEvent.Reduced) rounds.takeOutputs().get(0)).round();
        assertThat(reduced.counts()).isEqualTo(new ShardRound.Counts(8, 1, 0));
        assertThat(rounds.takeRejects()).isEmpty();
    }

    @Test
    void aNewAttemptAbandonsWhatWasOpen() throws Exception {
        rounds.send(new Routed(0, started(run, 5)));
        List<Routed> round = routed(run, 5, 0);
        for (Routed event : round.subList(0, round.size() - 1)) {
            rounds.send(event);
        }
        rounds.send(new Routed(0, started(run, 9)));
        rounds.takeOutputs();

        for (Routed event : routed(run, 9, 0)) {
            rounds.send(event);
        }

        ShardRound reduced = ((StageEvent.Reduced) rounds.takeOutputs().get(0)).round();
        assertThat(reduced.attempt()).isEqualTo(9);
        assertThat(reduced.counts()).isEqualTo(new ShardRound.Counts(8, 0, 0));
    }

    @Test
    void everyShardReducesItsOwnGroups() throws Exception {
        TestingRun two = TestingRun.ofShards(2);
        List<Integer> groups = new ArrayList<>();
        List<Integer> shards = new ArrayList<>();
        for (Routed event : script(two)) {
            rounds.send(event);
        }
        for (StageEvent output : rounds.takeOutputs()) {
            if (output instanceof StageEvent.Reduced reduced && reduced.round().round() == 0) {
                shards.add(reduced.round().shard());
                assertThat(reduced.round().targets()).hasSize(1);
                reduced.round().groups().forEach(group -> groups.add(group.index()));
            }
        }

        assertThat(shards).containsExactlyInAnyOrder(0, 1);
        assertThat(groups).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void aRestartAtAnyPointGivesTheSameBits() throws Exception {
        for (int shards : new int[] {1, 2}) {
            List<Routed> script = script(TestingRun.ofShards(shards));
            List<String> expected = play(new HashMapStateBackend(), script, -1);
            assertThat(expected).hasSize(shards * (1 + 2));
            for (int restartBefore = 0; restartBefore < script.size(); restartBefore++) {
                assertThat(play(new HashMapStateBackend(), script, restartBefore))
                        .as("%d shards, restart before event %d", shards, restartBefore)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aShardThatMakesRoomForAnotherLosesNothing() throws Exception {
        List<Routed> script = script(TestingRun.ofShards(2));
        List<String> expected = play(new HashMapStateBackend(), script, -1);

        try (StageHarness<Tuple2<String, Integer>, Routed, StageEvent> stage =
                open(
                        new EmbeddedRocksDBStateBackend(),
                        () -> new RoundsOperator(TestingRun.OPTIONS, 1))) {
            for (Routed event : script) {
                stage.send(event);
            }
            assertThat(stage.takeOutputBytes()).isEqualTo(expected);
        }
    }

    @Test
    void whatCameAfterTheLastCheckpointIsReadAgainAfterAFailure() throws Exception {
        List<Routed> script = script(TestingRun.ofShards(2));
        List<String> expected = play(new HashMapStateBackend(), script, -1);
        for (int failure = 4; failure < script.size(); failure++) {
            try (StageHarness<Tuple2<String, Integer>, Routed, StageEvent> stage =
                    open(new HashMapStateBackend())) {
                List<String> outputs = new ArrayList<>();
                for (Routed event : script.subList(0, 4)) {
                    stage.send(event);
                }
                stage.snapshot();
                outputs.addAll(stage.takeOutputBytes());
                for (Routed event : script.subList(4, failure)) {
                    stage.send(event);
                }
                stage.returnToSnapshot();
                stage.takeOutputBytes();
                for (Routed event : script.subList(4, script.size())) {
                    stage.send(event);
                }
                outputs.addAll(stage.takeOutputBytes());
                assertThat(outputs).as("failure before event %d", failure).isEqualTo(expected);
            }
        }
    }

    @Test
    void rocksDbGivesTheSameBits() throws Exception {
        List<Routed> script = script(TestingRun.ofShards(2));
        List<String> expected = play(new HashMapStateBackend(), script, -1);

        assertThat(play(new EmbeddedRocksDBStateBackend(), script, 13)).isEqualTo(expected);
    }

    private static List<String> play(StateBackend backend, List<Routed> script, int restartBefore)
            throws Exception {
        try (StageHarness<Tuple2<String, Integer>, Routed, StageEvent> stage = open(backend)) {
            for (int i = 0; i < script.size(); i++) {
                if (i == restartBefore) {
                    stage.restart();
                }
                stage.send(script.get(i));
            }
            return stage.takeOutputBytes();
        }
    }

    private static StageHarness<Tuple2<String, Integer>, Routed, StageEvent> open(
            StateBackend backend) throws Exception {
        return open(backend, () -> new RoundsOperator(TestingRun.OPTIONS));
    }

    private static StageHarness<Tuple2<String, Integer>, Routed, StageEvent> open(
            StateBackend backend, Supplier<RoundsOperator> operators) throws Exception {
        return new StageHarness<>(
                backend,
                operators,
                routed -> Tuple2.of(routed.event().runId(), routed.shard()),
                Types.TUPLE(Types.STRING, Types.INT),
                RoutedLayout.INSTANCE,
                StageEventLayout.INSTANCE);
    }

    /** An attempt and two rounds of it, interleaved. */
    private static List<Routed> script(TestingRun run) {
        List<Routed> events = new ArrayList<>();
        IntStream.range(0, run.spec().shards())
                .forEach(shard -> events.add(new Routed(shard, started(run, 5))));
        List<Routed> first = routed(run, 5, 0);
        List<Routed> second = routed(run, 5, 1);
        for (int i = 0; i < first.size(); i++) {
            events.add(second.get(i));
            events.add(first.get(i));
        }
        return events;
    }

    /** What intake would make of a round of one reporter. */
    private static List<Routed> routed(TestingRun run, long attempt, long round) {
        List<Routed> events = new ArrayList<>();
        int shards = run.spec().shards();
        for (SpecificRecord record : run.round(attempt, round)) {
            StageEvent event = event(record, events.size());
            Subject subject =
                    event instanceof StageEvent.Signalled signalled
                            ? signalled.signal().subject()
                            : TestingRun.TARGET;
            if (subject.isGroup()) {
                int shard = RoundReducer.shardOf(new GroupId(subject.id()), shards);
                events.add(new Routed(shard, event));
            } else {
                IntStream.range(0, shards).forEach(s -> events.add(new Routed(s, event)));
            }
        }
        return events;
    }

    private static StageEvent event(SpecificRecord record, long offset) {
        if (record instanceof RoundClosed closed) {
            return new StageEvent.Closed(FromContract.closed(closed), Optional.of(origin(offset)));
        }
        Signal signal = FromContract.signal((GroupSignal) record);
        return new StageEvent.Signalled(signal, origin(offset));
    }

    private static StageEvent.Origin origin(long offset) {
        return new StageEvent.Origin("sluice.telemetry", 3, offset);
    }

    private static StageEvent started(TestingRun run, long attempt) {
        return new StageEvent.Started(
                run.spec(),
                run.attempt(attempt, 0, "r0"),
                new StageEvent.Origin("sluice.runs", 0, attempt));
    }
}
