package io.sluice.state.flink.layout;

import io.sluice.core.candidate.score.ScoreHistogram;
import io.sluice.core.candidate.score.SimilarityScores;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the scores of the documents whose similarity was measured are stored. */
public enum SimilarityScoresLayout implements Layout<SimilarityScores> {
    INSTANCE;

    @Override
    public Class<SimilarityScores> type() {
        return SimilarityScores.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(SimilarityScores scores, DataOutput out) throws IOException {
        out.writeInt(scores.version());
        long[] counts = scores.scores().counts();
        Fields.writeVarLong(counts.length, out);
        for (long count : counts) {
            Fields.writeVarLong(count, out);
        }
    }

    @Override
    public SimilarityScores read(DataInput in, int version) throws IOException {
        int ofVersion = in.readInt();
        long[] counts = new long[(int) Fields.readVarLong(in)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Fields.readVarLong(in);
        }
        return new SimilarityScores(ofVersion, ScoreHistogram.of(counts));
    }
}
