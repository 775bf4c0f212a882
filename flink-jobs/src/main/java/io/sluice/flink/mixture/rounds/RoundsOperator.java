package io.sluice.flink.mixture.rounds;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;

/**
 * Runs {@link RoundsFunction}, and has it write what it holds on the heap to state before every
 * checkpoint: a function alone reaches the state of the key it processes, and no other.
 */
public final class RoundsOperator
        extends KeyedProcessOperator<Tuple2<String, Integer>, Routed, StageEvent> {

    private static final long serialVersionUID = 1;

    private static final int CACHED_SHARDS = 1024;

    private final RoundsFunction rounds;

    public RoundsOperator(MixtureOptions options) {
        this(options, CACHED_SHARDS);
    }

    RoundsOperator(MixtureOptions options, int cachedShards) {
        this(new RoundsFunction(options, cachedShards));
    }

    private RoundsOperator(RoundsFunction rounds) {
        super(rounds);
        this.rounds = rounds;
    }

    @Override
    public void open() throws Exception {
        rounds.reachKeysBy(this::under);
        super.open();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        rounds.save();
        super.snapshotState(context);
    }

    /** Runs an access to the state of {@code key}, whichever key is processed. */
    private void under(Tuple2<String, Integer> key, Runnable access) {
        Object processed = getCurrentKey();
        setCurrentKey(key);
        access.run();
        setCurrentKey(processed);
    }
}
