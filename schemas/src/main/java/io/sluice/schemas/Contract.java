package io.sluice.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Turns records of the contract into bytes and back: Avro single-object encoding, that is the bytes
 * C3 01, the schema's 64-bit CRC fingerprint (little-endian), and the record's binary form.
 *
 * <p>Only schemas that are compiled in are ever read; a schema that came over the wire is never
 * parsed. Size is checked before Avro sees a byte. Instances are safe for use by many threads.
 *
 * <p>Loading this class makes Avro trust the generated classes of this package. A generated builder
 * that is to fill in defaults, or to copy a record, works only after that: make the {@code
 * Contract} first.
 */
public final class Contract {

    /** Most bytes of a record that is not one of the large ones. */
    public static final int SMALL = 256 * 1024;

    /** Most bytes of a record that holds a mixture, lists groups, or is an admitted document. */
    public static final int LARGE = 1024 * 1024;

    private static final int HEADER = 10;
    private static final byte MAGIC_0 = (byte) 0xC3;
    private static final byte MAGIC_1 = 0x01;

    /** A record type that stands on a topic of its own. */
    private record Type(Class<? extends SpecificRecordBase> javaClass, int maxBytes) {

        String name() {
            return javaClass.getSimpleName();
        }

        Schema current() {
            return AvroModel.DATA.getSchema(javaClass);
        }
    }

    private record Writer(BinaryMessageEncoder<SpecificRecord> encoder, int maxBytes) {}

    private record Reader(DatumReader<SpecificRecord> body, int maxBytes) {}

    private static final List<Type> TYPES =
            List.of(
                    new Type(RunSpec.class, LARGE),
                    new Type(AttemptStarted.class, LARGE),
                    new Type(CheckpointSaved.class, SMALL),
                    new Type(RunEnded.class, SMALL),
                    new Type(OperatorCommand.class, LARGE),
                    new Type(GroupSignal.class, SMALL),
                    new Type(RoundClosed.class, LARGE),
                    new Type(ControllerClaim.class, SMALL),
                    new Type(MixturePlan.class, LARGE),
                    new Type(Decision.class, LARGE),
                    new Type(PlanAck.class, LARGE),
                    new Type(Seal.class, LARGE),
                    new Type(Rejected.class, SMALL),
                    new Type(CandidateDocument.class, SMALL),
                    new Type(AdmittedDocument.class, LARGE),
                    new Type(DocumentsRemoved.class, SMALL),
                    new Type(GroupSupply.class, SMALL),
                    new Type(CatalogGroup.class, SMALL),
                    new Type(CatalogRun.class, SMALL),
                    new Type(RemovalRequest.class, SMALL),
                    new Type(TargetFilter.class, SMALL),
                    new Type(TargetEmbedding.class, SMALL));

    /** Kept per thread, for Avro's decoders have buffers of their own. */
    private static final ThreadLocal<BinaryDecoder> DECODER = new ThreadLocal<>();

    private final Map<Class<?>, Writer> writers = new HashMap<>();
    private final Map<Long, Reader> readers = new HashMap<>();

    public Contract() {
        for (Type type : TYPES) {
            Schema current = type.current();
            writers.put(
                    type.javaClass(),
                    new Writer(
                            new BinaryMessageEncoder<>(AvroModel.DATA, current), type.maxBytes()));
            SchemaHistory.of(type.name()).forEach(past -> addReader(past, type));
            addReader(current, type);
        }
    }

    /** The current schema of every record type, by its name. */
    public static Map<String, Schema> schemas() {
        Map<String, Schema> schemas = new LinkedHashMap<>();
        TYPES.forEach(type -> schemas.put(type.name(), type.current()));
        return Collections.unmodifiableMap(schemas);
    }

    /**
     * The wire form of a record.
     *
     * @throws ContractException when the record is larger than its type may be
     */
    public byte[] encode(SpecificRecord value) {
        Writer writer = writers.get(value.getClass());
        if (writer == null) {
            throw new IllegalArgumentException(
                    value.getClass() + " is not a record of the contract");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.encoder().encode(value, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.size() > writer.maxBytes()) {
            throw tooLarge(value.getClass().getSimpleName(), bytes.size(), writer.maxBytes());
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a record of any type and version of the contract. The bytes must hold it and nothing
     * more.
     *
     * @throws ContractException when the bytes are too many, carry no known schema, or do not fit
     *     the schema they name
     */
    public SpecificRecord decode(byte[] bytes) {
        if (bytes == null || bytes.length < HEADER || bytes[0] != MAGIC_0 || bytes[1] != MAGIC_1) {
            throw new ContractException(
                    ContractException.Kind.UNKNOWN_FORMAT,
                    "not an Avro single object, which starts with C3 01 and a fingerprint;"
                            + " bytes that start with 00 were framed for a schema registry");
        }
        long fingerprint = ByteBuffer.wrap(bytes, 2, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Reader reader = readers.get(fingerprint);
        if (reader == null) {
            throw new ContractException(
                    ContractException.Kind.UNKNOWN_SCHEMA,
                    String.format(
                            "no schema here has the fingerprint %016x: upgrade the reader first",
                            fingerprint));
        }
        if (bytes.length > reader.maxBytes()) {
            throw tooLarge("this record", bytes.length, reader.maxBytes());
        }
        try {
            // Over an array, not a stream: only then does Avro compare a claimed length with what
            // is left before it allocates. BinaryMessageDecoder reads from a stream.
            BinaryDecoder body =
                    DecoderFactory.get()
                            .binaryDecoder(bytes, HEADER, bytes.length - HEADER, DECODER.get());
            DECODER.set(body);
            SpecificRecord value = reader.body().read(null, body);
            if (!body.isEnd()) {
                throw new IOException(body.remainingBytes() + " bytes after the record");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            // Whatever Avro makes of hostile bytes, to us they are one thing.
            throw new ContractException(
                    ContractException.Kind.MALFORMED, "not readable by its own schema: " + e, e);
        }
    }

    private void addReader(Schema written, Type type) {
        readers.put(
                SchemaNormalization.parsingFingerprint64(written),
                new Reader(bodyReader(written, type.current()), type.maxBytes()));
    }

    /**
     * Reads what {@code written} wrote as a record of {@code current}. It is built at once, where a
     * {@code SpecificDatumReader} builds it on first use and without a lock.
     */
    static DatumReader<SpecificRecord> bodyReader(Schema written, Schema current) {
        try {
            return new FastReaderBuilder(AvroModel.DATA).createDatumReader(written, current);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContractException tooLarge(String what, int size, int limit) {
        return new ContractException(
                ContractException.Kind.TOO_LARGE,
                what + " has " + size + " bytes; at most " + limit + " are allowed");
    }
}
