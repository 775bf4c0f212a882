package io.sluice.flink.candidate;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.dedup.Fingerprint;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.score.DocumentScore;
import io.sluice.core.candidate.text.ContentHash;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** How an event is sent between stages, and stored while the embedding model has it. */
public enum CandidateEventLayout implements Layout<CandidateEvent> {
    INSTANCE;

    private static final int OFFERED = 1;
    private static final int REMOVAL = 2;

    @Override
    public Class<CandidateEvent> type() {
        return CandidateEvent.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(CandidateEvent event, DataOutput out) throws IOException {
        if (event instanceof Offered offered) {
            out.writeByte(OFFERED);
            write(offered, out);
        } else if (event instanceof Removal removal) {
            out.writeByte(REMOVAL);
            out.writeUTF(removal.catalog());
            out.writeUTF(removal.group());
            out.writeUTF(removal.documentId());
            out.writeUTF(removal.source());
            out.writeUTF(removal.by());
            out.writeUTF(removal.why());
        } else {
            throw new IOException("no layout for " + event.getClass());
        }
    }

    @Override
    public CandidateEvent read(DataInput in, int version) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case OFFERED -> offered(in);
            case REMOVAL ->
                    new Removal(
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF());
            default -> throw new IOException("no event is of kind " + kind);
        };
    }

    private static void write(Offered offered, DataOutput out) throws IOException {
        Candidate candidate = offered.candidate();
        out.writeUTF(candidate.id());
        out.writeUTF(candidate.catalog());
        out.writeUTF(candidate.group());
        out.writeUTF(candidate.source());
        Fields.writeOptional(candidate.language(), out, (value, o) -> o.writeUTF(value));
        Fields.writeOptional(
                candidate.text(),
                out,
                (value, o) -> Fields.writeBytes(value.getBytes(StandardCharsets.UTF_8), o));
        Fields.writeOptional(candidate.uri(), out, (value, o) -> o.writeUTF(value));
        out.writeLong(candidate.tokens());
        out.writeInt(candidate.metadata().size());
        for (Map.Entry<String, String> entry : candidate.metadata().entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue());
        }
        out.writeInt(offered.position().partition());
        out.writeLong(offered.position().offset());
        out.writeLong(offered.fingerprint().hash().high());
        out.writeLong(offered.fingerprint().hash().low());
        out.writeInt(offered.fingerprint().bands().length);
        for (long band : offered.fingerprint().bands()) {
            out.writeLong(band);
        }
        Fields.writeBytes(offered.fingerprint().sketch(), out);
        Fields.writeList(
                offered.scores(),
                out,
                (score, o) -> {
                    o.writeUTF(score.scorer());
                    o.writeInt(score.version());
                    o.writeDouble(score.value());
                });
        Fields.writeVarLong(offered.embedding().length, out);
        for (float number : offered.embedding()) {
            out.writeFloat(number);
        }
        out.writeBoolean(offered.emitted());
    }

    private static Offered offered(DataInput in) throws IOException {
        Candidate candidate =
                new Candidate(
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        Fields.readOptional(in, DataInput::readUTF),
                        Fields.readOptional(
                                in, i -> new String(Fields.readBytes(i), StandardCharsets.UTF_8)),
                        Fields.readOptional(in, DataInput::readUTF),
                        in.readLong(),
                        metadata(in));
        Position position = new Position(in.readInt(), in.readLong());
        ContentHash hash = new ContentHash(in.readLong(), in.readLong());
        long[] bands = new long[in.readInt()];
        for (int i = 0; i < bands.length; i++) {
            bands[i] = in.readLong();
        }
        return new Offered(
                candidate,
                position,
                new Fingerprint(hash, bands, Fields.readBytes(in)),
                Fields.readList(
                        in, i -> new DocumentScore(i.readUTF(), i.readInt(), i.readDouble())),
                embedding(in),
                in.readBoolean());
    }

    private static float[] embedding(DataInput in) throws IOException {
        float[] embedding = new float[(int) Fields.readVarLong(in)];
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] = in.readFloat();
        }
        return embedding;
    }

    private static Map<String, String> metadata(DataInput in) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            metadata.put(in.readUTF(), in.readUTF());
        }
        return metadata;
    }
}
