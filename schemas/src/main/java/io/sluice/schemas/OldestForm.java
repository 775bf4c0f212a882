package io.sluice.schemas;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * Finds the oldest version of a schema that can say all that a record says: whatever it lacks has
 * its default there. A field that a release adds thereby changes the form of those records only
 * that use it.
 *
 * <p>Fields are only ever added at the end, so a record's values stand at the same places in every
 * version that holds them.
 */
final class OldestForm {

    private OldestForm() {}

    /**
     * @param versions of the record's schema, oldest first; the last one holds every record
     */
    static Schema of(IndexedRecord value, List<Schema> versions, GenericData data) {
        for (Schema version : versions) {
            if (holds(version, value.getSchema(), value, data)) {
                return version;
            }
        }
        throw new IllegalArgumentException(
                value.getSchema().getName() + " fits none of " + versions.size() + " versions");
    }

    private static boolean holds(Schema version, Schema current, Object value, GenericData data) {
        switch (current.getType()) {
            case RECORD:
                IndexedRecord values = (IndexedRecord) value;
                for (Schema.Field field : current.getFields()) {
                    Object held = values.get(field.pos());
                    Schema.Field known = version.getField(field.name());
                    boolean fits =
                            known == null
                                    ? isDefault(field, held, data)
                                    : holds(known.schema(), field.schema(), held, data);
                    if (!fits) {
                        return false;
                    }
                }
                return true;
            case ARRAY:
                return ((Collection<?>) value)
                        .stream()
                                .allMatch(
                                        item ->
                                                holds(
                                                        version.getElementType(),
                                                        current.getElementType(),
                                                        item,
                                                        data));
            case MAP:
                return ((Map<?, ?>) value)
                        .values().stream()
                                .allMatch(
                                        item ->
                                                holds(
                                                        version.getValueType(),
                                                        current.getValueType(),
                                                        item,
                                                        data));
            case ENUM:
                return version.hasEnumSymbol(value.toString());
            default:
                return true;
        }
    }

    private static boolean isDefault(Schema.Field field, Object value, GenericData data) {
        return data.compare(value, data.getDefaultValue(field), field.schema()) == 0;
    }
}
