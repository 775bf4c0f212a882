package io.sluice.flink.testing;

import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.mixture.RejectOutput;
import io.sluice.schemas.Rejected;
import io.sluice.state.flink.Layout;
import io.sluice.state.flink.LayoutSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * One stage in Flink's harness, with processing time set by hand. Inputs and outputs pass through
 * their layouts, as between tasks.
 *
 * @param <K> its key
 * @param <I> its input
 * @param <O> its output
 */
public final class StageHarness<K, I, O> implements AutoCloseable {

    private final Supplier<? extends KeyedProcessOperator<K, I, O>> operators;
    private final StateBackend backend;
    private final KeySelector<I, K> key;
    private final TypeInformation<K> keyType;
    private final Layout<I> inputs;
    private final Layout<O> outputs;

    private final TestingCounters counters = new TestingCounters();
    private final List<O> taken = new ArrayList<>();
    private final List<OutboundRecord> turnedAway = new ArrayList<>();
    private KeyedOneInputStreamOperatorTestHarness<K, I, O> harness;
    private OperatorSubtaskState kept;
    private long now;
    private long snapshots;

    public StageHarness(
            Supplier<? extends KeyedProcessFunction<K, I, O>> functions,
            StateBackend backend,
            KeySelector<I, K> key,
            TypeInformation<K> keyType,
            Layout<I> inputs,
            Layout<O> outputs)
            throws Exception {
        this(
                backend,
                () -> new KeyedProcessOperator<>(functions.get()),
                key,
                keyType,
                inputs,
                outputs);
    }

    /** A stage that needs an operator of its own. */
    public StageHarness(
            StateBackend backend,
            Supplier<? extends KeyedProcessOperator<K, I, O>> operators,
            KeySelector<I, K> key,
            TypeInformation<K> keyType,
            Layout<I> inputs,
            Layout<O> outputs)
            throws Exception {
        this.operators = operators;
        this.backend = backend;
        this.key = key;
        this.keyType = keyType;
        this.inputs = inputs;
        this.outputs = outputs;
        open(null);
    }

    /** Hands a record to the stage. */
    public void send(I input) throws Exception {
        harness.processElement(copy(input, inputs), 0);
    }

    /** Sets the processing time, in milliseconds; timers that are due fire. */
    public void setTime(long millis) throws Exception {
        now = millis;
        harness.setProcessingTime(millis);
    }

    /** What the stage emitted since the last call. */
    public List<O> takeOutputs() throws IOException {
        collect();
        List<O> result = List.copyOf(taken);
        taken.clear();
        return result;
    }

    /** What the stage emitted since the last call, bit for bit. */
    public List<String> takeOutputBytes() throws IOException {
        List<String> bytes = new ArrayList<>();
        for (O output : takeOutputs()) {
            bytes.add(HexFormat.of().formatHex(bytes(output, outputs)));
        }
        return bytes;
    }

    /** What the stage turned away since the last call, as it goes to the rejects topic. */
    public List<OutboundRecord> takeTurnedAway() throws IOException {
        collect();
        List<OutboundRecord> result = List.copyOf(turnedAway);
        turnedAway.clear();
        return result;
    }

    /** What the stage turned away since the last call. */
    public List<Rejected> takeRejects() throws IOException {
        return takeTurnedAway().stream()
                .map(record -> (Rejected) TestingRun.CONTRACT.decode(record.value()))
                .toList();
    }

    /** How many records this life of the stage has counted as rejected for a reason. */
    public long rejected(String reason) {
        return counters.count("reason", reason, "rejected");
    }

    /** The value of one of the stage's counters, in this life of it. */
    public long count(String counter) {
        return counters.count(counter);
    }

    /** How many values the stage holds in keyed state, of all keys; timers are not among them. */
    public int stored() {
        return harness.numKeyedStateEntries();
    }

    /** How many timers wait. */
    public int timers() {
        return harness.numProcessingTimeTimers();
    }

    /** Takes a snapshot, ends the stage, and starts another one from the snapshot. */
    public void restart() throws Exception {
        collect();
        OperatorSubtaskState snapshot = harness.snapshot(++snapshots, now);
        harness.close();
        open(snapshot);
    }

    /** Takes a snapshot to return to, and goes on. */
    public void snapshot() throws Exception {
        kept = harness.snapshot(++snapshots, now);
    }

    /** Ends the stage as it is, and starts another one from the snapshot that was kept. */
    public void returnToSnapshot() throws Exception {
        collect();
        harness.close();
        open(kept);
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private void open(OperatorSubtaskState snapshot) throws Exception {
        counters.clear();
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operators.get(),
                        key,
                        keyType,
                        new MockEnvironmentBuilder()
                                .setTaskName("stage")
                                .setManagedMemorySize(3 * 1024 * 1024)
                                .setMaxParallelism(8)
                                .setMetricGroup(counters.taskGroup())
                                .build());
        harness.setStateBackend(backend);
        harness.setup(new LayoutSerializer<>(outputs));
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        harness.setProcessingTime(now);
    }

    private void collect() throws IOException {
        for (O output : harness.extractOutputValues()) {
            taken.add(copy(output, outputs));
        }
        harness.getOutput().clear();
        Queue<StreamRecord<OutboundRecord>> side = harness.getSideOutput(RejectOutput.TAG);
        if (side != null) {
            side.forEach(record -> turnedAway.add(record.getValue()));
            side.clear();
        }
    }

    private static <T> T copy(T value, Layout<T> layout) throws IOException {
        return layout.take(new DataInputDeserializer(bytes(value, layout)));
    }

    private static <T> byte[] bytes(T value, Layout<T> layout) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        layout.put(value, out);
        return out.getCopyOfBuffer();
    }
}
