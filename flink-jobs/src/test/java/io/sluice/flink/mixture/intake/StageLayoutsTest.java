package io.sluice.flink.mixture.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.round.ShardRound;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.RoutedLayout;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.StageEventLayout;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.Layout;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layouts of what flows between stages, and of what intake holds back. */
class StageLayoutsTest {

    private static final TestingRun RUN = TestingRun.ofShards(2);
    private static final StageEvent.Origin ORIGIN =
            new StageEvent.Origin("sluice.telemetry", 3, 42);

    /** What a savepoint of version 1 holds of a held record. */
    private static final String HELD_V1 =
            "0101" // versions of the held and of the raw record
                    + "0010736c756963652e74656c656d65747279" // sluice.telemetry
                    + "00000003" // partition
                    + "000000000000002a" // offset
                    + "000372756e" // run
                    + "00000003c30100" // value
                    + "0000018bcfe56800"; // until

    private record Sample<T>(Layout<T> layout, T value) {
        byte[] bytes() throws IOException {
            DataOutputSerializer out = new DataOutputSerializer(64);
            layout.put(value, out);
            return out.getCopyOfBuffer();
        }
    }

    static Stream<Sample<?>> samples() {
        RawRecord raw = new RawRecord("t", 3, Long.MAX_VALUE, "k".repeat(256), new byte[0]);
        byte[] large = new byte[Contract.LARGE];
        Stream<Sample<?>> records =
                Stream.of(
                        new Sample<>(RawRecordLayout.INSTANCE, raw),
                        new Sample<>(RawRecordLayout.INSTANCE, new RawRecord("t", 0, 0, "", large)),
                        new Sample<>(HeldRecordLayout.INSTANCE, held()),
                        new Sample<>(
                                OutboundRecordLayout.INSTANCE,
                                new OutboundRecord("t", "", new byte[0])),
                        new Sample<>(
                                OutboundRecordLayout.INSTANCE,
                                new OutboundRecord("t", "k", large)));
        return Stream.concat(
                records,
                events().stream()
                        .flatMap(
                                event ->
                                        Stream.of(
                                                new Sample<>(StageEventLayout.INSTANCE, event),
                                                new Sample<>(
                                                        RoutedLayout.INSTANCE,
                                                        new Routed(1_023, event)))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsSentArrivesEqual(Sample<?> sample) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(sample.bytes());

        assertThat((Object) sample.layout().take(in)).isEqualTo(sample.value());
        assertThat(in.available()).isZero();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aNewerVersionIsRefused(Sample<?> sample) throws IOException {
        byte[] bytes = sample.bytes();
        bytes[0]++;

        assertThatThrownBy(() -> sample.layout().take(new DataInputDeserializer(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run the newer build, or restore an older savepoint");
    }

    @Test
    void anEventOfAnUnknownKindIsRefused() {
        assertThatThrownBy(
                        () ->
                                StageEventLayout.INSTANCE.take(
                                        new DataInputDeserializer(new byte[] {1, 99})))
                .isInstanceOf(IOException.class)
                .hasMessage("no event is of kind 99");
    }

    @Test
    void theStoredBytesOfAHeldRecordStillReadAndAreStillWritten() throws IOException {
        byte[] stored = HexFormat.of().parseHex(HELD_V1);

        assertThat(HeldRecordLayout.INSTANCE.take(new DataInputDeserializer(stored)))
                .isEqualTo(held());
        assertThat(new Sample<>(HeldRecordLayout.INSTANCE, held()).bytes()).isEqualTo(stored);
    }

    /**
     * Before version 3 no position followed; a saved checkpoint of version 2 is enough to see it.
     */
    @Test
    void anEventOfAnOlderBuildHasNoOrigin() throws IOException {
        byte[] stored = HexFormat.of().parseHex("0206000372756e00000000000000050000000000000028");
        DataInputDeserializer in = new DataInputDeserializer(stored);

        assertThat(StageEventLayout.INSTANCE.take(in))
                .isEqualTo(new StageEvent.Saved("run", 5, 40, Optional.empty()));
        assertThat(in.available()).isZero();
    }

    private static HeldRecord held() {
        return new HeldRecord(
                new RawRecord(
                        "sluice.telemetry", 3, 42, "run", new byte[] {(byte) 0xC3, 0x01, 0x00}),
                1_700_000_000_000L);
    }

    private static List<StageEvent> events() {
        return List.of(
                new StageEvent.Started(RUN.spec(), RUN.attempt(5, 0, "r0", "r1"), ORIGIN),
                new StageEvent.Started(
                        RUN.spec(),
                        RUN.attempt(5, 0, "r0", "r1"),
                        new ShardRound.Counts(3, 2, 1),
                        Optional.empty()),
                new StageEvent.Signalled(
                        FromContract.signal(RUN.signal(5, 0, TestingRun.EN, 0).build()), ORIGIN),
                new StageEvent.Closed(
                        FromContract.closed(RUN.closed(5, 0, "r0").build()), Optional.of(ORIGIN)),
                new StageEvent.Acknowledged(
                        FromContract.ack(
                                RUN.ack(5, RUN.prior(), AckVerdict.REPEATED, RUN.prior()).build()),
                        Optional.of(ORIGIN)),
                new StageEvent.Saved("run", 5, Long.MAX_VALUE, Optional.of(ORIGIN)),
                new StageEvent.Ended("run", Long.MAX_VALUE),
                new StageEvent.Commanded(
                        FromContract.command(
                                TestingRun.command("c-1", CommandKind.SET_POLICY)
                                        .setPolicy("dga")
                                        .setPolicyOptions(Map.of("eta", 0.25))
                                        .setUntilStep(70)
                                        .build()),
                        new StageEvent.Origin("sluice.control", 0, 42)),
                new StageEvent.Reduced(
                        new ShardRound(
                                "run",
                                "spec",
                                5,
                                0,
                                3,
                                1,
                                39,
                                ShardRound.Status.INCOMPLETE,
                                List.of(),
                                List.of(),
                                List.of(),
                                0,
                                new ShardRound.Counts(3, 2, 1)),
                        Optional.of(ORIGIN)));
    }
}
