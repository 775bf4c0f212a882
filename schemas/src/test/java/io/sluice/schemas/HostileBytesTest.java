package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.sluice.schemas.ContractException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes arrive, the answer is a record or a ContractException of the right kind. */
class HostileBytesTest {

    private static final int MAGIC = 2;
    private static final int HEADER = 10;
    private static final int MUTATIONS_PER_RECORD = 2_000;
    private static final long SEED = 20_261_101;

    /** What an honest refusal may allocate: an exception with its trace, not what was claimed. */
    private static final long FEW_BYTES = 1024 * 1024;

    private static final long[] CLAIMS = {
        1_000_000, 1L << 27, (1L << 31) - 9, (1L << 31) - 1, 1L << 31, 1L << 62, Long.MAX_VALUE
    };

    private final Contract contract = new Contract();

    static Collection<SpecificRecord> samples() {
        return Samples.all().values();
    }

    /** A record up to a place where a length stands; the length and some zeros are to follow. */
    private record Prefix(String where, byte[] bytes) {

        byte[] claiming(long length) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes);
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            encoder.writeLong(length);
            encoder.flush();
            out.write(new byte[64]);
            return out.toByteArray();
        }

        @Override
        public String toString() {
            return where;
        }
    }

    private interface Fields {
        void write(BinaryEncoder encoder) throws IOException;
    }

    static List<Prefix> lengths() throws IOException {
        return List.of(
                prefix("string", Samples.all().get("ControllerClaim"), encoder -> {}),
                prefix(
                        "bytes",
                        Samples.all().get("Rejected"),
                        encoder -> {
                            encoder.writeString("sluice.plans");
                            encoder.writeInt(0);
                            encoder.writeLong(0);
                            encoder.writeEnum(1);
                            encoder.writeString("");
                        }),
                prefix(
                        "array of records",
                        Samples.runSpec(),
                        encoder -> encoder.writeString("run")),
                prefix(
                        "array of strings",
                        Samples.all().get("AttemptStarted"),
                        encoder -> {
                            encoder.writeString("run");
                            encoder.writeString("");
                            encoder.writeLong(0);
                        }),
                prefix(
                        "second block of an array",
                        Samples.all().get("AttemptStarted"),
                        encoder -> {
                            encoder.writeString("run");
                            encoder.writeString("");
                            encoder.writeLong(0);
                            encoder.writeLong(1);
                            encoder.writeString("rank-0");
                        }),
                prefix(
                        "map",
                        Samples.runSpec(),
                        encoder -> {
                            encoder.writeString("run");
                            encoder.writeLong(0);
                            encoder.writeLong(0);
                            encoder.writeString("dga");
                        }),
                prefix(
                        "key of a map",
                        Samples.runSpec(),
                        encoder -> {
                            encoder.writeString("run");
                            encoder.writeLong(0);
                            encoder.writeLong(0);
                            encoder.writeString("dga");
                            encoder.writeLong(1);
                        }));
    }

    private static Prefix prefix(String where, SpecificRecord type, Fields fields)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new Contract().encode(type), 0, HEADER);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        fields.write(encoder);
        encoder.flush();
        return new Prefix(where, out.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void aClaimedLengthIsNotBelievedAndNothingIsAllocatedForIt(Prefix prefix) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertRefused(prefix.claiming(CLAIMS[0]), Kind.MALFORMED);
        for (long claim : CLAIMS) {
            byte[] bytes = prefix.claiming(claim);
            long before = threads.getCurrentThreadAllocatedBytes();
            Throwable refusal = decodeFailure(bytes);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(refusal).as("claim of " + claim).isInstanceOf(ContractException.class);
            assertThat(((ContractException) refusal).kind()).isEqualTo(Kind.MALFORMED);
            assertThat(allocated)
                    .as("bytes allocated for a claim of " + claim)
                    .isLessThan(FEW_BYTES);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsRefused(SpecificRecord sample) {
        byte[] bytes = contract.encode(sample);
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(
                    Arrays.copyOf(bytes, length),
                    length < HEADER ? Kind.UNKNOWN_FORMAT : Kind.MALFORMED);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bytesAfterTheRecordAreRefused(SpecificRecord sample) {
        byte[] bytes = contract.encode(sample);
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1), Kind.MALFORMED);
        byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
        assertRefused(twice, Kind.MALFORMED);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void flippedBytesGiveARecordOrTheRightKindOfRefusal(SpecificRecord sample) {
        byte[] bytes = contract.encode(sample);
        Random random = new Random(SEED);
        List<String> faults = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < MUTATIONS_PER_RECORD; i++) {
            byte[] mutated = bytes.clone();
            int flips = 1 + random.nextInt(4);
            for (int flip = 0; flip < flips; flip++) {
                // Now and then into the header, else into the body.
                int at =
                        random.nextInt(20) == 0
                                ? random.nextInt(HEADER)
                                : HEADER + random.nextInt(bytes.length - HEADER);
                mutated[at] ^= (byte) (1 + random.nextInt(255));
            }
            try {
                // What can be read can be written.
                contract.encode(contract.decode(mutated));
            } catch (ContractException e) {
                refused++;
                if (e.kind() != kindByHeader(bytes, mutated)) {
                    faults.add(Arrays.toString(mutated) + ": " + e.kind());
                }
            } catch (Throwable e) {
                faults.add(Arrays.toString(mutated) + ": " + e);
            }
        }
        assertThat(faults).isEmpty();
        assertThat(refused).isPositive();
    }

    private static Kind kindByHeader(byte[] bytes, byte[] mutated) {
        if (!Arrays.equals(bytes, 0, MAGIC, mutated, 0, MAGIC)) {
            return Kind.UNKNOWN_FORMAT;
        }
        return Arrays.equals(bytes, MAGIC, HEADER, mutated, MAGIC, HEADER)
                ? Kind.MALFORMED
                : Kind.UNKNOWN_SCHEMA;
    }

    @Test
    void bytesOfAnotherFormatAreRefusedAsSuch() {
        byte[] bytes = contract.encode(Samples.mixturePlan());
        assertRefused(null, Kind.UNKNOWN_FORMAT);
        assertRefused(new byte[0], Kind.UNKNOWN_FORMAT);
        assertRefused(new byte[200], Kind.UNKNOWN_FORMAT);
        assertRefused(
                "{\"runId\": \"pt-1b\"}".getBytes(StandardCharsets.UTF_8), Kind.UNKNOWN_FORMAT);

        byte[] otherVersion = bytes.clone();
        otherVersion[1] = 0x02;
        assertRefused(otherVersion, Kind.UNKNOWN_FORMAT);

        byte[] registry = new byte[bytes.length];
        registry[4] = 17;
        System.arraycopy(bytes, HEADER, registry, 5, bytes.length - HEADER);
        assertRefused(registry, Kind.UNKNOWN_FORMAT);
        assertThatThrownBy(() -> contract.decode(registry)).hasMessageContaining("registry");
    }

    @Test
    void aSchemaThatIsNotCompiledInIsRefusedByItsFingerprint() {
        byte[] bytes = contract.encode(Samples.mixturePlan());
        Arrays.fill(bytes, MAGIC, HEADER, (byte) 0x5A);
        assertRefused(bytes, Kind.UNKNOWN_SCHEMA);
        assertThatThrownBy(() -> contract.decode(bytes)).hasMessageContaining("5a5a5a5a5a5a5a5a");
        assertRefused(Arrays.copyOf(bytes, Contract.LARGE * 2), Kind.UNKNOWN_SCHEMA);
    }

    @Test
    void aRefusalLeavesTheContractFitForTheNextRecord() throws IOException {
        for (Prefix prefix : lengths()) {
            decodeFailure(prefix.claiming(1L << 31));
        }
        SpecificRecord sample = Samples.runSpec();
        assertThatCode(() -> assertThat(contract.decode(contract.encode(sample))).isEqualTo(sample))
                .doesNotThrowAnyException();
    }

    private Throwable decodeFailure(byte[] bytes) {
        try {
            contract.decode(bytes);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void assertRefused(byte[] bytes, Kind kind) {
        assertThatThrownBy(() -> contract.decode(bytes))
                .isInstanceOfSatisfying(
                        ContractException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
