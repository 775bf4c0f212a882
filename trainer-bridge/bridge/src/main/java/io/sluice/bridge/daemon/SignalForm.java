package io.sluice.bridge.daemon;

import io.sluice.bridge.RoundReport.Half;
import io.sluice.bridge.RoundReport.HalfId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal.PlanTokens;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A body of {@code POST /v1/signals}.
 *
 * @param session the session that it names
 * @param round the round that was measured
 * @param signals the signals, checked against the run
 */
record SignalForm(String session, long round, List<Half> signals) {

    static final String CONTENT_TYPE = "application/vnd.sluice.signals";

    /** {@code SLS1}, read as little-endian. */
    private static final int MAGIC = 0x31534c53;

    private static final int SESSION_BYTES = 16;

    /** Bytes of a signal without plans and sketch. */
    private static final int LEAST_SIGNAL_BYTES = 40;

    /**
     * Reads a body.
     *
     * @throws Refusal when it is not of this form, or a number cannot be
     */
    static SignalForm read(byte[] body, RunSpec spec) {
        ByteBuffer bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (bytes.getInt() != MAGIC) {
                throw new Refusal(Refusal.Code.MALFORMED, "the body does not begin with SLS1");
            }
            byte[] session = new byte[SESSION_BYTES];
            bytes.get(session);
            long round = bytes.getLong();
            int count = bytes.getInt();
            if (count < 0 || count > bytes.remaining() / LEAST_SIGNAL_BYTES) {
                throw new Refusal(
                        Refusal.Code.MALFORMED, "the body has no room for " + count + " signals");
            }
            List<Half> signals = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                signals.add(signal(bytes, spec));
            }
            if (bytes.hasRemaining()) {
                throw new Refusal(
                        Refusal.Code.MALFORMED,
                        bytes.remaining() + " bytes follow after the last signal");
            }
            return new SignalForm(HexFormat.of().formatHex(session), round, signals);
        } catch (BufferUnderflowException e) {
            throw new Refusal(Refusal.Code.MALFORMED, "the body ends within a signal");
        }
    }

    private static Half signal(ByteBuffer bytes, RunSpec spec) {
        Subject.Kind kind =
                switch (bytes.get()) {
                    case 0 -> Subject.Kind.GROUP;
                    case 1 -> Subject.Kind.TARGET;
                    default -> throw new Refusal(Refusal.Code.MALFORMED, "no such kind of signal");
                };
        int part = bytes.get();
        boolean sketched =
                switch (bytes.get()) {
                    case 0 -> false;
                    case 1 -> true;
                    default -> throw new Refusal(Refusal.Code.MALFORMED, "no such sketch");
                };
        int plans = bytes.get() & 0xff;
        HalfId id = Subjects.half(spec, kind, bytes.getInt(), part);
        long tokens = bytes.getLong();
        long sequences = bytes.getLong();
        double lossSum = bytes.getDouble();
        double lossSquareSum = bytes.getDouble();
        List<PlanTokens> drawn = new ArrayList<>(plans);
        for (int i = 0; i < plans; i++) {
            drawn.add(new PlanTokens(bytes.getLong(), bytes.getLong()));
        }
        byte[] sketch = new byte[sketched ? 2 * spec.sketch().dimension() : 0];
        bytes.get(sketch);
        Half half = new Half(id, drawn, tokens, sequences, lossSum, lossSquareSum, sketch);
        return Subjects.checked(half, spec);
    }
}
