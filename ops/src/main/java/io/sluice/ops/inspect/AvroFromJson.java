package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.core.sketch.BFloat16;
import io.sluice.ops.inspect.RecordLine.MalformedException;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;

/**
 * JSON as a record of the contract, field by field along the schema. A field that is left out has
 * its default. What comes of it passes through the codec, with all the bounds that a record from a
 * topic must keep.
 */
final class AvroFromJson {

    private final Contract contract;

    AvroFromJson(Contract contract) {
        this.contract = contract;
    }

    SpecificRecord record(Schema schema, JsonNode json) throws MalformedException {
        GenericData.Record value = fields(schema, json, "value");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new BinaryMessageEncoder<GenericData.Record>(GenericData.get(), schema)
                    .encode(value, bytes);
            return contract.decode(bytes.toByteArray());
        } catch (ContractException e) {
            throw new MalformedException(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericData.Record fields(Schema schema, JsonNode json, String path)
            throws MalformedException {
        if (!json.isObject()) {
            throw wrong(path, "is no object: write {...}");
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (schema.getField(field.getKey()) == null) {
                throw wrong(path + '.' + field.getKey(), "is unknown: leave it out");
            }
        }
        GenericData.Record record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            JsonNode found = json.get(field.name());
            String at = path + '.' + field.name();
            record.put(
                    field.pos(),
                    found == null ? byDefault(field, at) : value(field.schema(), found, at));
        }
        return record;
    }

    private static Object byDefault(Schema.Field field, String path) throws MalformedException {
        try {
            return GenericData.get().getDefaultValue(field);
        } catch (AvroRuntimeException e) {
            throw wrong(path, "is missing and has no default: write it");
        }
    }

    private static Object value(Schema schema, JsonNode json, String path)
            throws MalformedException {
        return switch (schema.getType()) {
            case RECORD -> fields(schema, json, path);
            case ARRAY -> items(schema, json, path);
            case MAP -> entries(schema, json, path);
            case ENUM -> symbol(schema, json, path);
            case STRING -> text(json, path);
            case BYTES -> ByteBuffer.wrap(bfloats(text(json, path), path));
            case BOOLEAN -> flag(json, path);
            case INT -> (int) whole(json, Integer.MIN_VALUE, Integer.MAX_VALUE, path);
            case LONG -> whole(json, Long.MIN_VALUE, Long.MAX_VALUE, path);
            case DOUBLE -> real(json, path);
            default -> throw wrong(path, "is of a type that no line can hold");
        };
    }

    private static List<Object> items(Schema schema, JsonNode json, String path)
            throws MalformedException {
        if (!json.isArray()) {
            throw wrong(path, "is no list: write [...]");
        }
        List<Object> items = new ArrayList<>(json.size());
        for (JsonNode item : json) {
            items.add(value(schema.getElementType(), item, path + '[' + items.size() + ']'));
        }
        return items;
    }

    private static Map<String, Object> entries(Schema schema, JsonNode json, String path)
            throws MalformedException {
        if (!json.isObject()) {
            throw wrong(path, "is no object: write {...}");
        }
        Map<String, Object> entries = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            entries.put(
                    entry.getKey(),
                    value(schema.getValueType(), entry.getValue(), path + '.' + entry.getKey()));
        }
        return entries;
    }

    private static Object symbol(Schema schema, JsonNode json, String path)
            throws MalformedException {
        String symbol = text(json, path);
        if (!schema.hasEnumSymbol(symbol)) {
            throw wrong(
                    path,
                    "is \""
                            + symbol
                            + "\": write one of "
                            + String.join(", ", schema.getEnumSymbols()));
        }
        return new GenericData.EnumSymbol(schema, symbol);
    }

    private static String text(JsonNode json, String path) throws MalformedException {
        if (!json.isTextual()) {
            throw wrong(path, "is no text: write \"...\"");
        }
        return json.textValue();
    }

    private static boolean flag(JsonNode json, String path) throws MalformedException {
        if (!json.isBoolean()) {
            throw wrong(path, "is neither true nor false");
        }
        return json.booleanValue();
    }

    private static long whole(JsonNode json, long least, long most, String path)
            throws MalformedException {
        if (!json.isIntegralNumber()
                || !json.canConvertToLong()
                || json.longValue() < least
                || json.longValue() > most) {
            throw wrong(path, "is no whole number from " + least + " to " + most);
        }
        return json.longValue();
    }

    private static double real(JsonNode json, String path) throws MalformedException {
        if (json.isNumber()) {
            return json.doubleValue();
        }
        return switch (json.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                    throw wrong(
                            path,
                            "is no number: write one, or \"NaN\", \"Infinity\", \"-Infinity\"");
        };
    }

    private static byte[] bfloats(String base64, String path) throws MalformedException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw wrong(path, "is no base64: " + e.getMessage());
        }
        if (bytes.length % Float.BYTES != 0) {
            throw wrong(
                    path,
                    "has " + bytes.length + " bytes: write little-endian floats, four bytes each");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return BFloat16.encode(values);
    }

    private static MalformedException wrong(String path, String message) {
        return new MalformedException("field '" + path + "' " + message);
    }
}
