package io.sluice.state.flink.layout;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.Overrides;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.Lineage;
import io.sluice.core.controller.SignalCounts;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a controller's memory of a run is stored. */
public enum ControllerStateLayout implements Layout<ControllerState> {
    INSTANCE;

    @Override
    public Class<ControllerState> type() {
        return ControllerState.class;
    }

    @Override
    public int version() {
        return 7;
    }

    @Override
    public void write(ControllerState state, DataOutput out) throws IOException {
        RunSpecLayout.INSTANCE.put(state.spec(), out);
        AttemptLayout.INSTANCE.put(state.attempt(), out);
        PlanLayout.INSTANCE.put(state.inForce(), out);
        Fields.writeList(state.unanswered(), out, (digest, o) -> o.writeUTF(digest));
        out.writeLong(state.nextRound());
        SnapshotLayout.writeAverages(state.averages(), out);
        SnapshotLayout.writeMemory(state.memory(), out);
        Fields.writeList(state.pending(), out, ShardRoundLayout.INSTANCE::put);
        Fields.writeEnum(state.basis().kind(), out);
        out.writeLong(state.basis().round());
        writeLineage(state.lineage(), out);
        GuardMemoryLayout.INSTANCE.put(state.guards(), out);
        OverridesLayout.INSTANCE.put(state.overrides(), out);
        CatalogNewsLayout.INSTANCE.put(state.catalog(), out);
        ShardRoundLayout.writeCounts(state.counts().earlier(), out);
        out.writeLong(state.counts().decided());
        out.writeLong(state.counts().lineage());
    }

    @Override
    public ControllerState read(DataInput in, int version) throws IOException {
        RunSpec spec = RunSpecLayout.INSTANCE.take(in);
        Attempt attempt = AttemptLayout.INSTANCE.take(in);
        Plan inForce = PlanLayout.INSTANCE.take(in);
        return new ControllerState(
                spec,
                attempt,
                inForce,
                version < 3 ? List.of(inForce.digest()) : Fields.readList(in, DataInput::readUTF),
                in.readLong(),
                SnapshotLayout.readAverages(in),
                SnapshotLayout.readMemory(in),
                Fields.readList(in, ShardRoundLayout.INSTANCE::take),
                version < 2 ? new Basis(Basis.Kind.NEW, 0) : readBasis(in),
                version < 2 ? Lineage.EMPTY : readLineage(in),
                version < 4 ? GuardMemory.empty(spec) : GuardMemoryLayout.INSTANCE.take(in),
                version < 4 ? Overrides.NONE : OverridesLayout.INSTANCE.take(in),
                version < 5 ? CatalogNews.NONE : CatalogNewsLayout.INSTANCE.take(in),
                version < 6 ? SignalCounts.NONE : readCounts(in));
    }

    /**
     * Before version 6, nothing was known of earlier attempts: the next decision counts its own.
     */
    private static SignalCounts readCounts(DataInput in) throws IOException {
        return new SignalCounts(ShardRoundLayout.readCounts(in), in.readLong(), in.readLong());
    }

    private static Basis readBasis(DataInput in) throws IOException {
        return new Basis(Fields.readEnum(Basis.Kind.class, in), in.readLong());
    }

    private static void writeLineage(Lineage lineage, DataOutput out) throws IOException {
        writeRounds(lineage.recent(), out);
        out.writeInt(lineage.pinned().size());
        for (Map.Entry<Long, Long> pin : lineage.pinned().entrySet()) {
            out.writeLong(pin.getKey());
            out.writeLong(pin.getValue());
        }
        writeRounds(lineage.awaited(), out);
    }

    private static Lineage readLineage(DataInput in) throws IOException {
        SortedSet<Long> recent = readRounds(in);
        SortedMap<Long, Long> pinned = new TreeMap<>();
        int pins = in.readInt();
        for (int i = 0; i < pins; i++) {
            pinned.put(in.readLong(), in.readLong());
        }
        return new Lineage(recent, pinned, readRounds(in));
    }

    private static void writeRounds(SortedSet<Long> rounds, DataOutput out) throws IOException {
        out.writeInt(rounds.size());
        for (long round : rounds) {
            out.writeLong(round);
        }
    }

    private static SortedSet<Long> readRounds(DataInput in) throws IOException {
        SortedSet<Long> rounds = new TreeSet<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            rounds.add(in.readLong());
        }
        return rounds;
    }
}
