package io.sluice.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;

/** The released schemas with their stored samples. */
final class StoredVersions {

    /** A released version of a record: its schema and how to find its sample. */
    record Version(String name, int number, Schema schema) {

        /** The encoded sample. */
        byte[] bytes() {
            return read("avro");
        }

        /** The sample that the JSON describes, as a record of the current schema. */
        SpecificRecord described() {
            Schema current = Contract.schemas().get(name);
            try {
                return Contract.bodyReader(schema, current)
                        .read(
                                null,
                                DecoderFactory.get()
                                        .jsonDecoder(
                                                schema,
                                                new String(read("json"), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private byte[] read(String extension) {
            String path = "/samples/" + name + "/v" + number + "." + extension;
            try (InputStream in = StoredVersions.class.getResourceAsStream(path)) {
                if (in == null) {
                    throw new AssertionError(
                            "no sample " + path + ": " + SchemaHistoryTest.HOW_TO_CHANGE);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return name + " v" + number;
        }
    }

    private StoredVersions() {}

    static List<Version> all() {
        List<Version> versions = new ArrayList<>();
        for (String name : Contract.schemas().keySet()) {
            List<Schema> history = SchemaHistory.of(name);
            for (int i = 0; i < history.size(); i++) {
                versions.add(new Version(name, i + 1, history.get(i)));
            }
        }
        return versions;
    }
}
