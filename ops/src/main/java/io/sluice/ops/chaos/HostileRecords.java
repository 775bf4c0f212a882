package io.sluice.ops.chaos;

import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Records that no honest bridge sends, made of one that it sent: F8 to F11. */
final class HostileRecords {

    private static final int HEADER_BYTES = 10;
    private static final int FUZZED = 40;

    /** What a string, a list or a map says it holds, where some zeros follow. */
    private static final long[] CLAIMED_LENGTHS = {
        1_000_000, 100_000_000, Integer.MAX_VALUE - 8, 1L << 31, Long.MAX_VALUE
    };

    private static final int FOLLOWING_ZEROS = 64;

    private interface Fields {
        void write(BinaryEncoder encoder) throws IOException;
    }

    private final Contract contract = new Contract();
    private final GroupSignal good;

    /**
     * @param good a signal of the attempt in progress
     */
    HostileRecords(GroupSignal good) {
        this.good = good;
    }

    /**
     * One record.
     *
     * @param bytes what is sent
     * @param reason why it must be turned away
     */
    record Hostile(byte[] bytes, RejectReason reason) {}

    /** F8: bytes that are no record. */
    List<Hostile> unreadable(SplittableRandom random) {
        byte[] whole = contract.encode(good);
        List<byte[]> all = new ArrayList<>();
        all.add(new byte[0]);
        all.add("not a record at all".getBytes(StandardCharsets.UTF_8));
        all.add(Arrays.copyOf(whole, whole.length - 7));
        all.add(Arrays.copyOf(whole, whole.length + 3));
        all.add(withHeader(whole, 0, (byte) 0));
        all.add(withHeader(whole, 5, (byte) ~whole[5]));
        for (long claimed : CLAIMED_LENGTHS) {
            all.add(claiming(whole, HostileRecords::beforeFirstString, claimed));
            all.add(claiming(whole, this::beforePlans, claimed));
            all.add(claiming(declaration(), HostileRecords::beforePolicyOptions, claimed));
        }
        for (int i = 0; i < FUZZED; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            all.add(body(whole, noise));
        }
        return all.stream()
                .map(bytes -> new Hostile(bytes, RejectReason.UNDECODABLE))
                .filter(hostile -> !isReadable(hostile.bytes()))
                .toList();
    }

    /** F9: numbers that are none. */
    List<Hostile> notFinite() {
        return List.of(
                changed(RejectReason.NOT_FINITE, s -> s.setLossSum(Double.NaN)),
                changed(RejectReason.NOT_FINITE, s -> s.setLossSum(Double.POSITIVE_INFINITY)),
                changed(RejectReason.NOT_FINITE, s -> s.setLossSum(Double.NEGATIVE_INFINITY)),
                changed(RejectReason.NOT_FINITE, s -> s.setLossSquareSum(Double.NaN)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setLossSum(1e300)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setLossSum(-Double.MIN_VALUE)),
                changed(
                        RejectReason.WRONG_SKETCH,
                        s -> s.setSketch(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x7f}))));
    }

    /** F10: counts that cannot be. */
    List<Hostile> outOfRange() {
        return List.of(
                changed(RejectReason.OUT_OF_RANGE, s -> s.setTokens(-5)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setTokens(Long.MAX_VALUE)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setTokens(good.getTokens() - 1)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setSequences(-1)),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setPart(2)),
                changed(
                        RejectReason.OUT_OF_RANGE,
                        s ->
                                s.setPlans(
                                        List.of(
                                                new PlanTokens(1L, Long.MAX_VALUE),
                                                new PlanTokens(2L, Long.MAX_VALUE)))),
                changed(RejectReason.OUT_OF_RANGE, s -> s.setRound(Long.MAX_VALUE)),
                changed(
                        RejectReason.WRONG_STEPS,
                        s -> s.setFromStep(good.getThroughStep()).setThroughStep(0)));
    }

    /** F11: groups and reporters that the run does not have. */
    List<Hostile> unknown() {
        return List.of(
                changed(RejectReason.UNKNOWN_SUBJECT, s -> s.setSubject("nobody-declared-me")),
                changed(RejectReason.UNKNOWN_SUBJECT, s -> s.setSubject(good.getSubject() + "-2")),
                changed(RejectReason.UNKNOWN_SUBJECT, s -> s.setSubject("Alpha")),
                changed(RejectReason.UNKNOWN_REPORTER, s -> s.setReporter("rank-99")),
                changed(RejectReason.INVALID_SPEC, s -> s.setSpecDigest("0".repeat(64))));
    }

    private Hostile changed(RejectReason reason, Consumer<GroupSignal.Builder> change) {
        GroupSignal.Builder builder = GroupSignal.newBuilder(good);
        change.accept(builder);
        return new Hostile(contract.encode(builder.build()), reason);
    }

    private static void beforeFirstString(BinaryEncoder encoder) {
        // It is the first field.
    }

    /** All of the good signal that stands before its list of plans. */
    private void beforePlans(BinaryEncoder encoder) throws IOException {
        encoder.writeString(good.getRunId());
        encoder.writeString(good.getSpecDigest());
        encoder.writeLong(good.getAttempt());
        encoder.writeLong(good.getRound());
        encoder.writeEnum(good.getKind().ordinal());
        encoder.writeString(good.getSubject());
        encoder.writeString(good.getReporter());
        encoder.writeInt(good.getPart());
        encoder.writeLong(good.getFromStep());
        encoder.writeLong(good.getThroughStep());
    }

    /** A declaration without groups and targets, up to its map. */
    private static void beforePolicyOptions(BinaryEncoder encoder) throws IOException {
        encoder.writeString("run");
        encoder.writeLong(0);
        encoder.writeLong(0);
        encoder.writeString("dga");
    }

    private byte[] declaration() {
        return contract.encode(RunSpec.newBuilder().build());
    }

    /** A record's header and its first fields, and then a length with too little behind it. */
    private static byte[] claiming(byte[] whole, Fields before, long claimed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            before.write(encoder);
            encoder.writeLong(claimed);
            encoder.writeFixed(new byte[FOLLOWING_ZEROS]);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body(whole, out.toByteArray());
    }

    private boolean isReadable(byte[] bytes) {
        try {
            contract.decode(bytes);
            return true;
        } catch (ContractException e) {
            return false;
        }
    }

    private static byte[] withHeader(byte[] whole, int index, byte value) {
        byte[] copy = whole.clone();
        copy[index] = value;
        return copy;
    }

    private static byte[] body(byte[] whole, byte[] body) {
        byte[] bytes = Arrays.copyOf(whole, HEADER_BYTES + body.length);
        System.arraycopy(body, 0, bytes, HEADER_BYTES, body.length);
        return bytes;
    }
}
