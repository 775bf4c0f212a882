package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.CONTRACT;
import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.signal.Rejection;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever bytes stand on the topics, intake goes on, and every one of them is accounted for. */
class IntakeFuzzTest {

    private static final TestingRun RUN = TestingRun.ofShards(2);
    private static final int HEADER = 10;
    private static final int SEEDS = 400;
    private static final List<Topic> INPUTS = List.of(Topic.RUNS, Topic.TELEMETRY, Topic.ACKS);

    private StageHarness<String, RawRecord, Routed> intake;
    private long offset = 5;

    @BeforeEach
    void open() throws Exception {
        intake = IntakeHarness.open();
        intake.send(raw(Topic.RUNS, 4, RUN.declared()));
        intake.send(raw(Topic.RUNS, 5, RUN.started(0, "r0")));
        assertThat(intake.takeOutputs()).hasSize(2);
    }

    @AfterEach
    void close() throws Exception {
        intake.close();
    }

    @Test
    void everyTruncationOfEveryRecordIsRejectedOnEveryTopic() throws Exception {
        for (Topic topic : INPUTS) {
            for (SpecificRecord record : records()) {
                byte[] whole = CONTRACT.encode(record);
                for (int length = 0; length < whole.length; length += 1 + length / 16) {
                    assertRejected(topic, Arrays.copyOf(whole, length));
                }
            }
        }
        aRoundStillGoesThrough();
    }

    @Test
    void wrongMagicUnknownSchemasAndBytesOfARegistryAreRejected() throws Exception {
        for (Topic topic : INPUTS) {
            for (SpecificRecord record : records()) {
                byte[] magic = CONTRACT.encode(record);
                magic[0] = 0;
                assertRejected(topic, magic);
                byte[] incompatible = CONTRACT.encode(record);
                incompatible[5] ^= 0x40;
                assertRejected(topic, incompatible);
                byte[] longer = Arrays.copyOf(CONTRACT.encode(record), HEADER + 4096);
                assertRejected(topic, longer);
            }
        }
        aRoundStillGoesThrough();
    }

    @Test
    void lengthsBeyondAllMemoryAreRejectedBeforeAnythingIsAllocated() throws Exception {
        for (Topic topic : INPUTS) {
            for (SpecificRecord record : records()) {
                for (long claimed :
                        new long[] {
                            Integer.MAX_VALUE,
                            Integer.MAX_VALUE - 8,
                            Long.MAX_VALUE,
                            -1,
                            Long.MIN_VALUE
                        }) {
                    // Every record begins with the name of its run: a length, then the text.
                    assertRejected(topic, claiming(record, e -> e.writeLong(claimed)));
                }
            }
            for (long items : new long[] {200_000_000, Integer.MAX_VALUE, -200_000_000}) {
                assertRejected(topic, claiming(records().get(3), e -> signalWith(items, e)));
            }
        }
        aRoundStillGoesThrough();
    }

    @Test
    void flippedBitsAndRandomBytesNeverStopIntakeAndAreAllAccountedFor() throws Exception {
        long known = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            for (Topic topic : INPUTS) {
                List<SpecificRecord> records = records();
                byte[] value = CONTRACT.encode(records.get(random.nextInt(records.size())));
                if (random.nextInt(4) == 0) {
                    byte[] noise = new byte[random.nextInt(2_000)];
                    random.nextBytes(noise);
                    value = seed % 2 == 0 ? noise : concat(Arrays.copyOf(value, HEADER), noise);
                } else {
                    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                        int place = HEADER + random.nextInt(value.length - HEADER);
                        value[place] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                intake.send(raw(topic, ++offset, TestingRun.RUN, value));
                known += intake.takeRejects().size();
            }
        }

        // What a flip left readable may be a record of its own; the rest was turned away.
        assertThat(known).isGreaterThan(SEEDS);
        assertThat(counted()).isEqualTo(known);
    }

    private void assertRejected(Topic topic, byte[] value) throws Exception {
        intake.send(raw(topic, ++offset, TestingRun.RUN, value));

        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getOffset()).isEqualTo(offset);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.UNDECODABLE);
        assertThat(intake.takeOutputs()).isEmpty();
    }

    private void aRoundStillGoesThrough() throws Exception {
        List<SpecificRecord> round = RUN.round(5, 0);
        for (SpecificRecord record : round) {
            intake.send(raw(Topic.TELEMETRY, ++offset, record));
        }
        assertThat(intake.takeRejects()).isEmpty();
        assertThat(intake.takeOutputs()).hasSizeGreaterThanOrEqualTo(round.size());
    }

    private long counted() {
        long counted = 0;
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            counted += intake.rejected(reason.name().toLowerCase(Locale.ROOT));
        }
        return counted;
    }

    private static List<SpecificRecord> records() {
        return List.of(
                RUN.declared(),
                RUN.started(0, "r0"),
                RUN.saved(5, 10),
                RUN.signal(5, 0, TestingRun.EN, 0).build(),
                RUN.closed(5, 0, "r0").build(),
                RUN.ack(5, RUN.prior(), AckVerdict.ACCEPTED, RUN.prior()).build());
    }

    private interface Body {
        void write(BinaryEncoder encoder) throws IOException;
    }

    /** A record's own header before a body that claims what it does not have. */
    private static byte[] claiming(SpecificRecord record, Body body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        body.write(encoder);
        encoder.flush();
        return concat(Arrays.copyOf(CONTRACT.encode(record), HEADER), out.toByteArray());
    }

    /** A signal up to its list of plans, which claims so many items. */
    private static void signalWith(long items, BinaryEncoder encoder) throws IOException {
        encoder.writeString(TestingRun.RUN);
        encoder.writeString(RUN.declared().getDigest());
        encoder.writeLong(5);
        encoder.writeLong(0);
        encoder.writeEnum(1);
        encoder.writeString("en");
        encoder.writeString("r0");
        encoder.writeInt(0);
        encoder.writeLong(0);
        encoder.writeLong(9);
        encoder.writeLong(items);
        if (items < 0) {
            encoder.writeLong(items);
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
