package io.sluice.flink.mixture;

import io.sluice.core.round.ShardRound;
import io.sluice.flink.mixture.StageEvent.Acknowledged;
import io.sluice.flink.mixture.StageEvent.Closed;
import io.sluice.flink.mixture.StageEvent.Commanded;
import io.sluice.flink.mixture.StageEvent.Ended;
import io.sluice.flink.mixture.StageEvent.Origin;
import io.sluice.flink.mixture.StageEvent.Reduced;
import io.sluice.flink.mixture.StageEvent.Saved;
import io.sluice.flink.mixture.StageEvent.Signalled;
import io.sluice.flink.mixture.StageEvent.Started;
import io.sluice.state.flink.Layout;
import io.sluice.state.flink.layout.AttemptLayout;
import io.sluice.state.flink.layout.OperatorCommandLayout;
import io.sluice.state.flink.layout.PlanAckLayout;
import io.sluice.state.flink.layout.RoundClosedLayout;
import io.sluice.state.flink.layout.RunSpecLayout;
import io.sluice.state.flink.layout.ShardRoundLayout;
import io.sluice.state.flink.layout.SignalLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** How an event is sent between stages. */
public enum StageEventLayout implements Layout<StageEvent> {
    INSTANCE;

    private static final int STARTED = 1;
    private static final int SIGNALLED = 2;
    private static final int CLOSED = 3;
    private static final int ACKNOWLEDGED = 4;
    private static final int REDUCED = 5;
    private static final int SAVED = 6;
    private static final int COMMANDED = 7;
    private static final int ENDED = 8;

    @Override
    public Class<StageEvent> type() {
        return StageEvent.class;
    }

    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(StageEvent event, DataOutput out) throws IOException {
        if (event instanceof Signalled signalled) {
            out.writeByte(SIGNALLED);
            SignalLayout.INSTANCE.put(signalled.signal(), out);
            writeOrigin(signalled.at(), out);
        } else if (event instanceof Closed closed) {
            out.writeByte(CLOSED);
            RoundClosedLayout.INSTANCE.put(closed.closed(), out);
            writeOrigin(closed.origin(), out);
        } else if (event instanceof Reduced reduced) {
            out.writeByte(REDUCED);
            ShardRoundLayout.INSTANCE.put(reduced.round(), out);
            writeOrigin(reduced.origin(), out);
        } else if (event instanceof Acknowledged acknowledged) {
            out.writeByte(ACKNOWLEDGED);
            PlanAckLayout.INSTANCE.put(acknowledged.ack(), out);
            writeOrigin(acknowledged.origin(), out);
        } else if (event instanceof Saved saved) {
            out.writeByte(SAVED);
            out.writeUTF(saved.runId());
            out.writeLong(saved.attempt());
            out.writeLong(saved.nextStep());
            writeOrigin(saved.origin(), out);
        } else if (event instanceof Commanded commanded) {
            out.writeByte(COMMANDED);
            OperatorCommandLayout.INSTANCE.put(commanded.command(), out);
            writeOrigin(commanded.at(), out);
        } else if (event instanceof Ended ended) {
            out.writeByte(ENDED);
            out.writeUTF(ended.runId());
            out.writeLong(ended.attempt());
        } else if (event instanceof Started started) {
            out.writeByte(STARTED);
            RunSpecLayout.INSTANCE.put(started.spec(), out);
            AttemptLayout.INSTANCE.put(started.attempt(), out);
            ShardRoundLayout.writeCounts(started.left(), out);
            writeOrigin(started.origin(), out);
        } else {
            throw new IOException("no layout for " + event.getClass());
        }
    }

    @Override
    public StageEvent read(DataInput in, int version) throws IOException {
        int kind = in.readUnsignedByte();
        switch (kind) {
            case STARTED:
                return new Started(
                        RunSpecLayout.INSTANCE.take(in),
                        AttemptLayout.INSTANCE.take(in),
                        version < 2 ? ShardRound.Counts.ZERO : ShardRoundLayout.readCounts(in),
                        readOrigin(in, version));
            case SIGNALLED:
                return new Signalled(SignalLayout.INSTANCE.take(in), readOrigin(in));
            case CLOSED:
                return new Closed(RoundClosedLayout.INSTANCE.take(in), readOrigin(in, version));
            case ACKNOWLEDGED:
                return new Acknowledged(PlanAckLayout.INSTANCE.take(in), readOrigin(in, version));
            case REDUCED:
                return new Reduced(ShardRoundLayout.INSTANCE.take(in), readOrigin(in, version));
            case SAVED:
                return new Saved(
                        in.readUTF(), in.readLong(), in.readLong(), readOrigin(in, version));
            case COMMANDED:
                return new Commanded(OperatorCommandLayout.INSTANCE.take(in), readOrigin(in));
            case ENDED:
                return new Ended(in.readUTF(), in.readLong());
            default:
                throw new IOException("no event is of kind " + kind);
        }
    }

    private static void writeOrigin(Optional<Origin> origin, DataOutput out) throws IOException {
        out.writeBoolean(origin.isPresent());
        if (origin.isPresent()) {
            writeOrigin(origin.get(), out);
        }
    }

    /** Before version 3, only what may be turned away behind intake said where it stood. */
    private static Optional<Origin> readOrigin(DataInput in, int version) throws IOException {
        return version < 3 || !in.readBoolean() ? Optional.empty() : Optional.of(readOrigin(in));
    }

    private static void writeOrigin(Origin origin, DataOutput out) throws IOException {
        out.writeUTF(origin.topic());
        out.writeInt(origin.partition());
        out.writeLong(origin.offset());
    }

    private static Origin readOrigin(DataInput in) throws IOException {
        return new Origin(in.readUTF(), in.readInt(), in.readLong());
    }
}
