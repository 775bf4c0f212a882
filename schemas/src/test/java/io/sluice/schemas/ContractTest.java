package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

    private final Contract contract = new Contract();

    static Collection<SpecificRecord> samples() {
        return Samples.all().values();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsEncodedIsDecodedAsItWas(SpecificRecord sample) {
        assertThat(contract.decode(contract.encode(sample)))
                .isEqualTo(sample)
                .hasSameClassAs(sample);
    }

    @Test
    void refusesToEncodeWhatIsNotARecordOfTheContract() {
        assertThatThrownBy(() -> contract.encode(new GroupWeight("es", 1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GroupWeight");
    }

    @Test
    void anUnencodableRecordLeavesNothingBehindForTheNext() {
        SpecificRecord sample = Samples.mixturePlan();
        MixturePlan holed = MixturePlan.newBuilder(Samples.mixturePlan()).build();
        holed.put("digest", null);
        assertThatThrownBy(() -> contract.encode(holed)).isInstanceOf(RuntimeException.class);
        assertThat(contract.decode(contract.encode(sample))).isEqualTo(sample);
    }

    @Test
    void encodesARecordOfTheLargestSizeAndNoneThatIsLarger() throws IOException {
        assertThat(contract.encode(claimOf(Contract.SMALL))).hasSize(Contract.SMALL);
        assertRefused(
                () -> contract.encode(claimOf(Contract.SMALL + 1)),
                ContractException.Kind.TOO_LARGE);
        assertThat(contract.encode(specOf(Contract.LARGE))).hasSize(Contract.LARGE);
        assertRefused(
                () -> contract.encode(specOf(Contract.LARGE + 1)),
                ContractException.Kind.TOO_LARGE);
    }

    @Test
    void decodesARecordOfTheLargestSizeAndNoneThatIsLarger() throws IOException {
        assertThat(contract.decode(contract.encode(claimOf(Contract.SMALL))))
                .isInstanceOf(ControllerClaim.class);
        assertThat(contract.decode(contract.encode(specOf(Contract.LARGE))))
                .isInstanceOf(RunSpec.class);
        assertRefused(
                () -> contract.decode(unbounded(claimOf(Contract.SMALL + 1))),
                ContractException.Kind.TOO_LARGE);
        assertRefused(
                () -> contract.decode(unbounded(specOf(Contract.LARGE + 1))),
                ContractException.Kind.TOO_LARGE);
    }

    @Test
    void sizeIsCheckedBeforeTheContent() {
        byte[] claim = contract.encode(claimOf(100));
        byte[] garbage = Arrays.copyOf(Arrays.copyOf(claim, 10), Contract.SMALL + 1);
        Arrays.fill(garbage, 10, garbage.length, (byte) 0xFF);
        assertRefused(() -> contract.decode(garbage), ContractException.Kind.TOO_LARGE);
        assertRefused(
                () -> contract.decode(Arrays.copyOf(garbage, Contract.SMALL)),
                ContractException.Kind.MALFORMED);
    }

    @Test
    void aSymbolThatOnlyTheWriterKnowsReadsAsUnknown() throws IOException {
        Schema current = Contract.schemas().get("Rejected");
        Schema reason = current.getField("reason").schema();
        List<String> symbols = new ArrayList<>(reason.getEnumSymbols());
        symbols.add("OF_THE_FUTURE");
        Schema newerReason =
                SchemaBuilder.enumeration(reason.getName())
                        .namespace(reason.getNamespace())
                        .defaultSymbol("UNKNOWN")
                        .symbols(symbols.toArray(String[]::new));
        Schema newer =
                SchemaBuilder.record(current.getName())
                        .namespace(current.getNamespace())
                        .fields()
                        .name("reason")
                        .type(newerReason)
                        .withDefault("UNKNOWN")
                        .endRecord();
        GenericRecord written = new GenericData.Record(newer);
        written.put("reason", new GenericData.EnumSymbol(newerReason, "OF_THE_FUTURE"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(newer).write(written, encoder);
        encoder.flush();

        SpecificRecord read =
                Contract.bodyReader(newer, current)
                        .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
        assertThat(read).isEqualTo(Rejected.newBuilder().build());
        assertThat(((Rejected) read).getReason()).isEqualTo(RejectReason.UNKNOWN);
    }

    @Test
    void twoThreadsWithTwoInstancesOrWithOneDoNotDisturbEachOther() throws Exception {
        for (List<Contract> pair :
                List.of(List.of(new Contract(), new Contract()), List.of(contract, contract))) {
            CyclicBarrier start = new CyclicBarrier(2);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                List<Future<Integer>> counts = new ArrayList<>();
                counts.add(threads.submit(roundTrips(pair.get(0), start, false)));
                counts.add(threads.submit(roundTrips(pair.get(1), start, true)));
                for (Future<Integer> count : counts) {
                    assertThat(count.get(60, TimeUnit.SECONDS))
                            .isEqualTo(1_000 * Samples.all().size());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Callable<Integer> roundTrips(
            Contract contract, CyclicBarrier start, boolean reversed) {
        List<SpecificRecord> samples = new ArrayList<>(Samples.all().values());
        if (reversed) {
            Collections.reverse(samples);
        }
        return () -> {
            start.await();
            int same = 0;
            for (int i = 0; i < 1_000; i++) {
                for (SpecificRecord sample : samples) {
                    if (contract.decode(contract.encode(sample)).equals(sample)) {
                        same++;
                    }
                }
            }
            return same;
        };
    }

    /** In a JVM of its own, where nothing has loaded the contract yet and no property is set. */
    @ParameterizedTest
    @ValueSource(strings = {"decode", "encode", "digest", "build"})
    void theClassesAreTrustedWithoutASystemProperty(String firstUse) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                FirstUse.class.getName(),
                                firstUse)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** What a program may do first with this module. */
    static final class FirstUse {

        private FirstUse() {}

        public static void main(String[] args) throws IOException {
            switch (args[0]) {
                case "decode":
                    new Contract()
                            .decode(
                                    FirstUse.class
                                            .getResourceAsStream("/samples/PlanAck/v1.avro")
                                            .readAllBytes());
                    break;
                case "encode":
                    new Contract().encode(plan());
                    break;
                case "digest":
                    Digests.of(plan());
                    break;
                case "build":
                    new Contract().encode(PlanAck.newBuilder().build());
                    break;
                default:
                    throw new IllegalArgumentException(args[0]);
            }
        }

        private static MixturePlan plan() {
            // What has a type of ours is set: its default would need the trust already.
            return MixturePlan.newBuilder()
                    .setWeights(List.of(new GroupWeight("es", 1.0)))
                    .setLabel(PlanLabel.PRIOR)
                    .build();
        }
    }

    /** A claim whose wire form has so many bytes. */
    private static ControllerClaim claimOf(int bytes) {
        // Frame, and a varint of 1 byte for the time.
        return ControllerClaim.newBuilder().setController(text(bytes - 10 - 1)).build();
    }

    /** A declaration whose wire form has so many bytes. */
    private static RunSpec specOf(int bytes) throws IOException {
        int others = unbounded(RunSpec.newBuilder().build()).length - 1;
        return RunSpec.newBuilder().setRunId(text(bytes - others)).build();
    }

    /** A text that takes so many bytes with the varint of its length. */
    private static String text(int bytes) {
        for (int varint = 1; varint <= 5; varint++) {
            int length = bytes - varint;
            if (length >= 0 && 32 - Integer.numberOfLeadingZeros(2 * length) <= 7 * varint) {
                return "x".repeat(length);
            }
        }
        throw new IllegalArgumentException(bytes + " bytes cannot be hit");
    }

    private static byte[] unbounded(SpecificRecord value) throws IOException {
        ByteBuffer encoded =
                new BinaryMessageEncoder<SpecificRecord>(AvroModel.DATA, value.getSchema())
                        .encode(value);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    private static void assertRefused(ThrowingCallable call, ContractException.Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContractException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
