package io.sluice.ops.chaos;

import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RejectReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Records that no honest bridge sends, made of one that it sent: F8 to F11. */
final class HostileRecords {

    private static final int HEADER_BYTES = 10;
    private static final int FUZZED = 40;

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
        // A string, an array and a map that claim more than there is.
        all.add(body(whole, new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}));
        all.add(body(whole, new byte[] {(byte) 0x80, (byte) 0x84, (byte) 0xaf, (byte) 0x5f}));
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
