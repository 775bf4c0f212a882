package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredSamplesTest {

    private final Contract contract = new Contract();

    static List<StoredVersions.Version> versions() {
        return StoredVersions.all();
    }

    static Collection<SpecificRecord> samples() {
        return Samples.all().values();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyStoredSampleOfEveryVersionReadsAsItsJsonSays(StoredVersions.Version version) {
        assertThat(contract.decode(version.bytes())).isEqualTo(version.described());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyStoredSampleNamesTheSchemaOfItsVersion(StoredVersions.Version version) {
        ByteBuffer bytes = ByteBuffer.wrap(version.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getShort()).isEqualTo((short) 0x01C3);
        assertThat(bytes.getLong())
                .isEqualTo(SchemaNormalization.parsingFingerprint64(version.schema()));
    }

    @Test
    void thereIsASampleOfEveryRecord() {
        assertThat(Samples.all()).containsOnlyKeys(Contract.schemas().keySet());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleLeavesNoFieldAtItsDefault(SpecificRecord sample) {
        assertThat(fieldsAtTheirDefault(List.of(sample), sample.getSchema().getName())).isEmpty();
    }

    /** Fields that hold their default in all of {@code records}; nested ones too. */
    private static List<String> fieldsAtTheirDefault(
            List<? extends IndexedRecord> records, String path) {
        List<String> found = new ArrayList<>();
        for (Schema.Field field : records.get(0).getSchema().getFields()) {
            String name = path + "." + field.name();
            Object byDefault = AvroModel.DATA.getDefaultValue(field);
            List<Object> values = records.stream().map(record -> record.get(field.pos())).toList();
            if (values.stream().allMatch(byDefault::equals)) {
                found.add(name);
                continue;
            }
            List<IndexedRecord> nested = new ArrayList<>();
            for (Object value : values) {
                Collection<?> items = value instanceof Collection<?> many ? many : List.of(value);
                items.forEach(
                        item -> {
                            if (item instanceof IndexedRecord record) {
                                nested.add(record);
                            }
                        });
            }
            if (!nested.isEmpty()) {
                found.addAll(fieldsAtTheirDefault(nested, name));
            }
        }
        return found;
    }
}
