package io.sluice.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Releases what has changed: for every record whose schema differs from the newest in its history,
 * the next version's schema, and for every newest version without one, a sample. What is released
 * is never written again: an existing file is left alone. The module's README says when to run it.
 */
final class SampleWriter {

    private final Path schemas;
    private final Path samples;
    private final Contract contract = new Contract();

    private SampleWriter(Path module) {
        schemas = module.resolve("src/main/resources/schema-history");
        samples = module.resolve("src/test/resources/samples");
    }

    /** Takes the module's folder, as {@code schemas}. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1 || !Files.isDirectory(Path.of(args[0], "src/main/avro"))) {
            throw new IllegalArgumentException("give the folder of the module, which has src/main");
        }
        SampleWriter writer = new SampleWriter(Path.of(args[0]));
        for (SpecificRecord sample : Samples.all().values()) {
            writer.release(sample);
        }
    }

    private void release(SpecificRecord sample) throws IOException {
        Schema current = sample.getSchema();
        List<Schema> history = SchemaHistory.of(current.getName());
        int version = history.size();
        if (version == 0 || !history.get(version - 1).equals(current)) {
            version++;
            writeNew(
                    file(schemas, current, version, "avsc"),
                    (SchemaFormatter.format("json/pretty", current) + "\n")
                            .getBytes(StandardCharsets.UTF_8));
        }
        Path bytes = file(samples, current, version, "avro");
        if (Files.notExists(bytes)) {
            writeNew(bytes, contract.encode(sample));
            writeNew(file(samples, current, version, "json"), json(sample));
        }
    }

    private static Path file(Path root, Schema schema, int version, String extension) {
        return root.resolve(schema.getName()).resolve("v" + version + "." + extension);
    }

    /** Throws where the file exists already. */
    private static void writeNew(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content, StandardOpenOption.CREATE_NEW);
        System.out.println("wrote " + file);
    }

    private static byte[] json(SpecificRecord sample) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEncoder encoder = EncoderFactory.get().jsonEncoder(sample.getSchema(), out, true);
        new SpecificDatumWriter<SpecificRecord>(sample.getSchema(), AvroModel.DATA)
                .write(sample, encoder);
        encoder.flush();
        out.write('\n');
        return out.toByteArray();
    }
}
