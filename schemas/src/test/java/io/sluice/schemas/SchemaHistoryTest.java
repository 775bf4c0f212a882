package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {

    static final String HOW_TO_CHANGE =
            "a changed schema is a new version. Run SampleWriter, which adds the next"
                    + " schema-history/<Record>/v<n>.avsc and its sample, and leave released files"
                    + " alone; schemas/README.md, \"Changing a schema\", has the commands";

    static Set<String> records() {
        return Contract.schemas().keySet();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyRecordEnumAndFieldHasADocAndEveryFieldADefault(String record) {
        List<String> faults = new ArrayList<>();
        for (Schema type : namedTypes(Contract.schemas().get(record)).values()) {
            if (isBlank(type.getDoc())) {
                faults.add(type.getName() + " has no doc");
            }
            if (type.getType() == Schema.Type.ENUM) {
                if (!"UNKNOWN".equals(type.getEnumDefault())) {
                    faults.add(type.getName() + " does not read a newer symbol as UNKNOWN");
                }
                continue;
            }
            for (Schema.Field field : type.getFields()) {
                if (isBlank(field.doc())) {
                    faults.add(type.getName() + "." + field.name() + " has no doc");
                }
                if (!field.hasDefaultValue()) {
                    faults.add(type.getName() + "." + field.name() + " has no default");
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("records")
    void noRecordContainsItselfForAvroBoundsNoDepth(String record) {
        assertThatCode(() -> rejectRecursion(Contract.schemas().get(record), List.of()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("records")
    void noListHoldsItemsOfNoBytesSoThatItIsNoLongerThanItsRecord(String record) {
        assertThat(itemsOfNoBytes(Contract.schemas().get(record))).isEmpty();
        SchemaHistory.of(record).forEach(past -> assertThat(itemsOfNoBytes(past)).isEmpty());
    }

    @Test
    void anItemOfNoBytesIsSeen() {
        Schema empty = SchemaBuilder.record("Empty").fields().endRecord();
        for (Schema items : List.of(empty, Schema.create(Schema.Type.NULL))) {
            Schema list = Schema.createArray(items);
            assertThat(itemsOfNoBytes(Schema.createMap(list))).containsExactly(list.toString());
        }
        assertThat(itemsOfNoBytes(Schema.createArray(Schema.create(Schema.Type.STRING)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("records")
    void theCurrentSchemaAndEveryReleasedOneReadEachOther(String record)
            throws SchemaValidationException {
        Schema current = Contract.schemas().get(record);
        List<Schema> history = SchemaHistory.of(record);
        assertThat(history).as("released versions of " + record).isNotEmpty();

        List<String> problems = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            problems.addAll(incompatibilities(current, history.get(i), "v" + (i + 1)));
        }
        assertThat(problems).isEmpty();
        validate(current, history);
    }

    @ParameterizedTest
    @MethodSource("records")
    void theNewestReleasedSchemaIsTheCurrentOne(String record) {
        List<Schema> history = SchemaHistory.of(record);
        // Schema.equals looks at names, types, symbols and defaults, but not at docs.
        assertThat(history.get(history.size() - 1).equals(Contract.schemas().get(record)))
                .as(
                        "%s.avsc, or a part of it, differs from v%d of its history: %s",
                        record, history.size(), HOW_TO_CHANGE)
                .isTrue();
    }

    @Test
    void everyFileOfTheHistoryIsReadAndBelongsToARecord() throws URISyntaxException {
        Path history = Path.of(getClass().getResource("/schema-history").toURI());
        assertThat(history.toFile().list()).containsExactlyInAnyOrderElementsOf(records());
        for (String record : records()) {
            assertThat(history.resolve(record).toFile().list())
                    .as("versions of " + record + " without a gap")
                    .hasSize(SchemaHistory.of(record).size());
            assertThat(SchemaHistory.of(record))
                    .allSatisfy(schema -> assertThat(schema.getName()).isEqualTo(record));
        }
    }

    @Test
    void aFieldWithoutADefaultIsReportedWithItsPlace() {
        Schema before =
                SchemaBuilder.record("R").fields().name("a").type("int").noDefault().endRecord();
        Schema after =
                SchemaBuilder.record("R")
                        .fields()
                        .name("a")
                        .type("int")
                        .noDefault()
                        .name("b")
                        .type("int")
                        .noDefault()
                        .endRecord();
        assertThat(incompatibilities(after, before, "v1"))
                .singleElement()
                .asString()
                .contains("READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1");
        assertThatThrownBy(() -> validate(after, List.of(before)))
                .isInstanceOf(SchemaValidationException.class);
    }

    @Test
    void aNewSymbolWithoutADefaultSymbolIsReportedWithItsPlace() {
        Schema before = SchemaBuilder.enumeration("E").symbols("A");
        Schema after = SchemaBuilder.enumeration("E").symbols("A", "B");
        assertThat(incompatibilities(after, before, "v1"))
                .singleElement()
                .asString()
                .contains("MISSING_ENUM_SYMBOLS at /symbols");
    }

    private static void validate(Schema current, List<Schema> history)
            throws SchemaValidationException {
        new SchemaValidatorBuilder().mutualReadStrategy().validateAll().validate(current, history);
    }

    private static List<String> incompatibilities(Schema current, Schema past, String version) {
        List<String> found = new ArrayList<>();
        found.addAll(unreadable("the current schema cannot read " + version, current, past));
        found.addAll(unreadable(version + " cannot read the current schema", past, current));
        return found;
    }

    private static List<String> unreadable(String what, Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(
                        i ->
                                what
                                        + ": "
                                        + i.getType()
                                        + " at "
                                        + i.getLocation()
                                        + ", "
                                        + i.getMessage())
                .collect(Collectors.toList());
    }

    private static Map<String, Schema> namedTypes(Schema root) {
        Map<String, Schema> types = new LinkedHashMap<>();
        collect(root, types);
        return types;
    }

    private static void collect(Schema schema, Map<String, Schema> types) {
        switch (schema.getType()) {
            case RECORD:
                if (types.put(schema.getFullName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), types));
                }
                break;
            case ENUM:
                types.put(schema.getFullName(), schema);
                break;
            case ARRAY:
                collect(schema.getElementType(), types);
                break;
            case MAP:
                collect(schema.getValueType(), types);
                break;
            case UNION:
                schema.getTypes().forEach(branch -> collect(branch, types));
                break;
            default:
                break;
        }
    }

    private static void rejectRecursion(Schema schema, List<String> above) {
        switch (schema.getType()) {
            case RECORD:
                assertThat(above).doesNotContain(schema.getFullName());
                List<String> path = new ArrayList<>(above);
                path.add(schema.getFullName());
                schema.getFields().forEach(field -> rejectRecursion(field.schema(), path));
                break;
            case ARRAY:
                rejectRecursion(schema.getElementType(), above);
                break;
            case MAP:
                rejectRecursion(schema.getValueType(), above);
                break;
            case UNION:
                schema.getTypes().forEach(branch -> rejectRecursion(branch, above));
                break;
            default:
                break;
        }
    }

    /** Lists whose items may take no byte: nothing would bound how many a record claims. */
    private static List<String> itemsOfNoBytes(Schema schema) {
        return switch (schema.getType()) {
            case RECORD ->
                    schema.getFields().stream()
                            .flatMap(field -> itemsOfNoBytes(field.schema()).stream())
                            .toList();
            case UNION ->
                    schema.getTypes().stream()
                            .flatMap(branch -> itemsOfNoBytes(branch).stream())
                            .toList();
            // An entry has a key, of a byte at least.
            case MAP -> itemsOfNoBytes(schema.getValueType());
            case ARRAY ->
                    leastBytes(schema.getElementType()) == 0
                            ? List.of(schema.toString())
                            : itemsOfNoBytes(schema.getElementType());
            default -> List.of();
        };
    }

    /** The fewest bytes that a value takes. */
    private static int leastBytes(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> 0;
            case FIXED -> schema.getFixedSize();
            case RECORD ->
                    schema.getFields().stream().mapToInt(field -> leastBytes(field.schema())).sum();
            // A number, a length, or the place of a branch.
            default -> 1;
        };
    }

    private static boolean isBlank(String doc) {
        return doc == null || doc.isBlank();
    }
}
