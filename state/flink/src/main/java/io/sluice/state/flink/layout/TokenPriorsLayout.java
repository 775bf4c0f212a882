package io.sluice.state.flink.layout;

import io.sluice.core.candidate.score.TokenPriorsState;
import io.sluice.core.candidate.score.UsualWordsState;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** How a group's word frequencies are stored. Version 1 has no early ones. */
public enum TokenPriorsLayout implements Layout<TokenPriorsState> {
    INSTANCE;

    @Override
    public Class<TokenPriorsState> type() {
        return TokenPriorsState.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(TokenPriorsState state, DataOutput out) throws IOException {
        writeWords(state.full(), out);
        Fields.writeOptional(state.early(), out, TokenPriorsLayout::writeWords);
    }

    @Override
    public TokenPriorsState read(DataInput in, int version) throws IOException {
        UsualWordsState full = readWords(in);
        return new TokenPriorsState(
                version < 2
                        ? Optional.empty()
                        : Fields.readOptional(in, TokenPriorsLayout::readWords),
                full);
    }

    private static void writeWords(UsualWordsState state, DataOutput out) throws IOException {
        Fields.writeVarLong(state.counts().length, out);
        for (int count : state.counts()) {
            Fields.writeVarLong(count, out);
        }
        out.writeLong(state.words());
        out.writeInt(state.documents());
        out.writeDouble(state.meanSum());
        out.writeDouble(state.meanSquares());
        out.writeDouble(state.deviationSum());
        out.writeDouble(state.deviationSquares());
    }

    private static UsualWordsState readWords(DataInput in) throws IOException {
        int[] counts = new int[(int) Fields.readVarLong(in)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) Fields.readVarLong(in);
        }
        return new UsualWordsState(
                counts,
                in.readLong(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble());
    }
}
