package io.sluice.state.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundStore;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.state.flink.layout.RoundClosedLayout;
import io.sluice.state.flink.layout.SignalLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyedRoundStoreTest {

    private static final List<String> KEYS = List.of("run", "run/2");
    private static final List<String> REPORTERS = List.of("r", "r|0", "rank-1", "");

    /** Ids that would be confused if they were only strung together. */
    private static final List<Subject> SUBJECTS =
            List.of(
                    Subject.of(new GroupId("a")),
                    Subject.of(new GroupId("a-1")),
                    Subject.of(new GroupId("1")),
                    Subject.of(new TargetId("a")),
                    Subject.of(new TargetId("1")));

    private static final RunSpec SPEC =
            new RunSpec(
                    "run",
                    List.of(
                            new GroupSpec(new GroupId("1"), 0.5, 0, 1),
                            new GroupSpec(new GroupId("a"), 0.25, 0, 1),
                            new GroupSpec(new GroupId("a-1"), 0.25, 0, 1)),
                    List.of(
                            new TargetSpec(new TargetId("1"), 0.5),
                            new TargetSpec(new TargetId("a"), 0.5)),
                    PolicySpec.of("static"),
                    new GuardSpec(0, 1, 1, 2, 2),
                    new RoundSpec(10, 1, 0),
                    new SketchSpec(16, 0),
                    1,
                    0,
                    Mode.OBSERVE,
                    "spec");

    private final Random random = new Random(11);
    private final Map<String, InMemoryRoundStore> expected =
            Map.of(
                    KEYS.get(0), new InMemoryRoundStore(),
                    KEYS.get(1), new InMemoryRoundStore());

    /** Room for some signals, so that others go to state at once. */
    private static final long ROOM = 20_000;

    private final Map<String, KeyedRoundStore> stores = new HashMap<>();
    private HeapAllowance allowance;
    private KeyedRoundStore store;
    private KeyedOneInputStreamOperatorTestHarness<String, String, String> harness;
    private StoreOwner owner;

    /** An operator that does nothing but own a store. */
    private static final class StoreOwner extends KeyedProcessFunction<String, String, String> {

        private static final long serialVersionUID = 1;

        private transient MapState<String, Signal> signals;
        private transient MapState<String, RoundClosed> statements;

        @Override
        public void open(OpenContext context) {
            signals =
                    getRuntimeContext()
                            .getMapState(
                                    new MapStateDescriptor<>(
                                            "signals",
                                            Types.STRING,
                                            LayoutType.of(SignalLayout.INSTANCE)));
            statements =
                    getRuntimeContext()
                            .getMapState(
                                    new MapStateDescriptor<>(
                                            "statements",
                                            Types.STRING,
                                            LayoutType.of(RoundClosedLayout.INSTANCE)));
        }

        /** The store of the current key, made anew from state. */
        KeyedRoundStore store(HeapAllowance allowance) {
            return new KeyedRoundStore(signals, statements, SPEC, allowance);
        }

        @Override
        public void processElement(String value, Context context, Collector<String> out) {
            throw new UnsupportedOperationException();
        }
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend(true));
    }

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void randomOperationsAnswerAsInMemoryAlsoAfterARestore(StateBackend backend) throws Exception {
        open(backend, null);
        for (int i = 0; i < 1_500; i++) {
            if (i == 700) {
                saveAll();
                OperatorSubtaskState state = harness.snapshot(1, 1);
                harness.close();
                open(backend, state);
            }
            operate(KEYS.get(random.nextInt(2)));
        }
        for (String key : KEYS) {
            select(key);
            for (long round = 0; round < 14; round++) {
                assertSame(key, round);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void roundOneIsForgottenWithoutRoundEleven(StateBackend backend) throws Exception {
        open(backend, null);
        select(KEYS.get(0));
        store.add(signal(1, SUBJECTS.get(0), "r", 0));
        store.add(signal(11, SUBJECTS.get(0), "r", 0));
        store.add(closed(1, "r"));
        store.add(closed(11, "r"));

        store.forget(1);

        assertThat(store.signal(1, SUBJECTS.get(0), "r", 0)).isEmpty();
        assertThat(store.closed(1)).isEmpty();
        assertThat(store.signal(11, SUBJECTS.get(0), "r", 0)).isPresent();
        assertThat(store.closed(11)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatWasForgottenLeavesNothingInState(StateBackend backend) throws Exception {
        open(backend, null);
        select(KEYS.get(0));
        for (Subject subject : SUBJECTS) {
            store.add(signal(1, subject, "r|0", 1));
        }
        store.add(closed(1, "r"));
        assertThat(store.received(1)).isEqualTo(SUBJECTS.size());

        store.save();
        store.add(signal(1, SUBJECTS.get(0), "r", 0));
        assertThat(owner.signals.isEmpty()).isFalse();

        store.forget(1);

        assertThat(store.received(1)).isZero();
        assertThat(owner.signals.isEmpty()).isTrue();
        assertThat(owner.statements.isEmpty()).isTrue();
        assertThat(allowance.take(ROOM)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsOverBeforeACheckpointNeverReachesState(StateBackend backend) throws Exception {
        open(backend, null);
        select(KEYS.get(0));
        store.add(signal(1, SUBJECTS.get(0), "r", 0));
        store.add(closed(1, "r"));
        assertThat(owner.signals.isEmpty()).isTrue();
        assertThat(owner.statements.isEmpty()).isTrue();

        store.forget(1);
        store.save();

        assertThat(owner.signals.isEmpty()).isTrue();
        assertThat(owner.statements.isEmpty()).isTrue();
        assertThat(allowance.take(ROOM)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatFindsNoRoomOnTheHeapGoesToState(StateBackend backend) throws Exception {
        open(backend, null);
        select(KEYS.get(0));
        assertThat(allowance.take(ROOM)).isTrue();
        Signal signal = signal(1, SUBJECTS.get(0), "r", 0);
        RoundClosed closed = closed(1, "r");

        assertThat(store.add(signal)).isTrue();
        assertThat(store.add(closed)).isTrue();

        assertThat(owner.signals.isEmpty()).isFalse();
        assertThat(owner.statements.isEmpty()).isFalse();
        assertThat(store.add(signal)).isFalse();
        assertThat(store.add(closed)).isFalse();
        assertThat(store.signal(1, SUBJECTS.get(0), "r", 0)).contains(signal);
        assertThat(store.closed(1)).containsExactly(closed);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsDiscardedGivesItsRoomBack(StateBackend backend) throws Exception {
        open(backend, null);
        select(KEYS.get(0));
        store.add(signal(1, SUBJECTS.get(0), "r", 0));
        store.add(closed(2, "r"));
        assertThat(allowance.take(ROOM)).isFalse();

        store.discard();

        assertThat(allowance.take(ROOM)).isTrue();
    }

    private void saveAll() {
        for (String key : KEYS) {
            select(key);
            store.save();
        }
    }

    private void operate(String key) {
        select(key);
        if (random.nextInt(50) == 0) {
            store.save();
        }
        RoundStore memory = expected.get(key);
        long round = random.nextInt(14);
        Subject subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
        String reporter = REPORTERS.get(random.nextInt(REPORTERS.size()));
        int part = random.nextInt(2);
        switch (random.nextInt(8)) {
            case 0:
                memory.forget(round);
                store.forget(round);
                break;
            case 1:
            case 2:
                RoundClosed closed = closed(round, reporter);
                assertThat(store.add(closed)).isEqualTo(memory.add(closed));
                break;
            case 3:
                assertSame(key, round);
                break;
            default:
                Signal signal = signal(round, subject, reporter, part);
                assertThat(store.add(signal)).isEqualTo(memory.add(signal));
        }
    }

    private void assertSame(String key, long round) {
        RoundStore memory = expected.get(key);
        assertThat(store.closed(round)).isEqualTo(memory.closed(round));
        assertThat(store.received(round)).isEqualTo(memory.received(round));
        for (Subject subject : SUBJECTS) {
            for (String reporter : REPORTERS) {
                for (int part = 0; part < Signal.PARTS; part++) {
                    assertThat(store.signal(round, subject, reporter, part))
                            .isEqualTo(memory.signal(round, subject, reporter, part));
                }
            }
        }
    }

    private Signal signal(long round, Subject subject, String reporter, int part) {
        long tokens = 1 + random.nextInt(1_000);
        return new Signal(
                "run",
                "spec",
                1,
                round,
                subject,
                reporter,
                part,
                round * 10,
                round * 10 + 9,
                List.of(new Signal.PlanTokens(0, tokens)),
                tokens,
                1,
                tokens,
                tokens,
                new byte[] {(byte) tokens, 0});
    }

    private RoundClosed closed(long round, String reporter) {
        return new RoundClosed(
                "run",
                "spec",
                1,
                round,
                reporter,
                round * 10,
                round * 10 + 9,
                List.of(),
                random.nextDouble(),
                List.of(),
                0);
    }

    private void select(String key) {
        harness.getOperator().setCurrentKey(key);
        store = stores.computeIfAbsent(key, k -> owner.store(allowance));
    }

    private void open(StateBackend backend, OperatorSubtaskState state) throws Exception {
        stores.clear();
        allowance = new HeapAllowance(ROOM);
        owner = new StoreOwner();
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(owner), key -> key, Types.STRING);
        harness.setStateBackend(backend);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }
}
