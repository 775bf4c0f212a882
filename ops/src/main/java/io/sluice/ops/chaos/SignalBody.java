package io.sluice.ops.chaos;

import io.sluice.core.sketch.BFloat16;
import io.sluice.schemas.SubjectKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.SplittableRandom;

/**
 * A body of {@code POST /v1/signals} (docs/bridge-protocol.md), with gradients that are made up:
 * noise that is another one in every half of every round, and a direction that the target shares
 * with the groups, with each of them more than with the one before, and not with the first.
 */
final class SignalBody {

    private static final int PAIR_BYTES = 16;
    private static final int SIGNAL_BYTES = 40;
    private static final int COUNT_AT = 28;
    private static final double SHARED_OF_TARGET = 1;
    private static final double SHARED_A_GROUP = 0.25;

    private final long round;
    private final float[] sketch;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int signals;

    /** A half's sums but for its gradient; the loss is a token's. */
    record Measured(long tokens, long sequences, double loss) {}

    SignalBody(String session, long round, int sketchDimension) {
        this.round = round;
        this.sketch = new float[sketchDimension];
        bytes.writeBytes("SLS1".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(HexFormat.of().parseHex(session));
        bytes.writeBytes(littleEndian(Long.BYTES).putLong(round).array());
        bytes.writeBytes(new byte[Integer.BYTES]);
    }

    void add(
            SubjectKind kind,
            int index,
            int part,
            Measured measured,
            SortedMap<Long, Long> tokensByVersion) {
        ByteBuffer signal =
                littleEndian(
                        SIGNAL_BYTES
                                + PAIR_BYTES * tokensByVersion.size()
                                + BFloat16.BYTES * sketch.length);
        boolean group = kind == SubjectKind.GROUP;
        signal.put((byte) (group ? 0 : 1)).put((byte) part).put((byte) 1);
        signal.put((byte) tokensByVersion.size()).putInt(index);
        signal.putLong(measured.tokens()).putLong(measured.sequences());
        signal.putDouble(measured.loss() * measured.tokens());
        signal.putDouble(measured.loss() * measured.loss() * measured.tokens());
        tokensByVersion.forEach((version, tokens) -> signal.putLong(version).putLong(tokens));
        double shared = group ? SHARED_A_GROUP * index : SHARED_OF_TARGET;
        signal.put(gradient(shared, 2L * index + part + (group ? 0 : 1L << 20), measured.tokens()));
        bytes.writeBytes(signal.array());
        signals++;
    }

    byte[] bytes() {
        byte[] body = bytes.toByteArray();
        ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, signals);
        return body;
    }

    private byte[] gradient(double shared, long half, long tokens) {
        SplittableRandom common = new SplittableRandom(-1);
        SplittableRandom own = new SplittableRandom(31 * round + half);
        for (int b = 0; b < sketch.length; b++) {
            double mean = shared * (common.nextDouble() - 0.5) + own.nextDouble() - 0.5;
            sketch[b] = (float) (tokens * mean);
        }
        return BFloat16.encode(sketch);
    }

    private static ByteBuffer littleEndian(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
