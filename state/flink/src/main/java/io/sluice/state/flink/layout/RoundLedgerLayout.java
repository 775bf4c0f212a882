package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundLedger.OpenRound;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a reducer's ledger is stored: settled, for the rest is in the store of the open rounds.
 * Versions 1 and 2 were written with every signal and had that, too.
 */
public enum RoundLedgerLayout implements Layout<RoundLedger> {
    INSTANCE;

    @Override
    public Class<RoundLedger> type() {
        return RoundLedger.class;
    }

    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(RoundLedger ledger, DataOutput out) throws IOException {
        RoundLedger settled = ledger.settled();
        out.writeLong(settled.attempt());
        out.writeInt(settled.reporters());
        out.writeLong(settled.nextRound());
        ShardRoundLayout.writeCounts(settled.counts(), out);
    }

    @Override
    public RoundLedger read(DataInput in, int version) throws IOException {
        if (version == 1) {
            return readFirst(in).settled();
        }
        if (version == 2) {
            return readSecond(in).settled();
        }
        return new RoundLedger(
                in.readLong(),
                in.readInt(),
                in.readLong(),
                new TreeMap<>(),
                ShardRoundLayout.readCounts(in),
                false);
    }

    /** Version 1 had the whole attempt. */
    private static RoundLedger readFirst(DataInput in) throws IOException {
        Attempt attempt = AttemptLayout.INSTANCE.take(in);
        return new RoundLedger(
                attempt.number(),
                attempt.reporters().size(),
                in.readLong(),
                readOpen(in, i -> new OpenRound(i.readInt(), 0, 0)),
                ShardRoundLayout.readCounts(in),
                false);
    }

    private static RoundLedger readSecond(DataInput in) throws IOException {
        return new RoundLedger(
                in.readLong(),
                in.readInt(),
                in.readLong(),
                readOpen(in, i -> new OpenRound(i.readInt(), i.readInt(), i.readInt())),
                ShardRoundLayout.readCounts(in),
                in.readBoolean());
    }

    private static SortedMap<Long, OpenRound> readOpen(
            DataInput in, Fields.Reader<OpenRound> reader) throws IOException {
        SortedMap<Long, OpenRound> open = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            open.put(in.readLong(), reader.read(in));
        }
        return open;
    }
}
