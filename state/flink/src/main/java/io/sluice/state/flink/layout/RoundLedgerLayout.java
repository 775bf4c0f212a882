package io.sluice.state.flink.layout;

import io.sluice.core.round.RoundLedger;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a reducer's ledger is stored. */
public enum RoundLedgerLayout implements Layout<RoundLedger> {
    INSTANCE;

    @Override
    public Class<RoundLedger> type() {
        return RoundLedger.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(RoundLedger ledger, DataOutput out) throws IOException {
        AttemptLayout.INSTANCE.put(ledger.attempt(), out);
        out.writeLong(ledger.nextRound());
        out.writeInt(ledger.received().size());
        for (Map.Entry<Long, Integer> entry : ledger.received().entrySet()) {
            out.writeLong(entry.getKey());
            out.writeInt(entry.getValue());
        }
        ShardRoundLayout.writeCounts(ledger.counts(), out);
    }

    @Override
    public RoundLedger read(DataInput in, int version) throws IOException {
        return new RoundLedger(
                AttemptLayout.INSTANCE.take(in),
                in.readLong(),
                readReceived(in),
                ShardRoundLayout.readCounts(in));
    }

    private static SortedMap<Long, Integer> readReceived(DataInput in) throws IOException {
        SortedMap<Long, Integer> received = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            received.put(in.readLong(), in.readInt());
        }
        return received;
    }
}
