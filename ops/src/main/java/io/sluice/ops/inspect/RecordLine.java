package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.sketch.BFloat16;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record of a run's log as a line of JSON that keeps all of it, and back. Sketches are base64 of
 * little-endian floats, which hold their bfloat16 exactly; numbers that JSON lacks are text. {@code
 * docs/inspect.md} describes the form.
 */
final class RecordLine {

    /** A line that is not such a record. The message names the field and what to do. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    private static final Set<String> FIELDS =
            Set.of("topic", "partition", "offset", "time", "key", "type", "value");
    private static final Map<String, Topic> TOPICS = new TreeMap<>();

    static {
        for (Topic topic : RunRecords.TOPICS) {
            TOPICS.put(topic.name(""), topic);
        }
    }

    private final RecordJson json = new RecordJson(RecordLine::floats);
    private final AvroFromJson avro = new AvroFromJson(new Contract());

    /** The record as JSON. */
    JsonNode of(Entry entry) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("topic", entry.topic().name(""));
        line.put("partition", entry.partition());
        line.put("offset", entry.offset());
        line.put("time", entry.time().toString());
        line.put("key", entry.key());
        line.put("type", entry.value().getSchema().getName());
        line.set("value", json.value(entry.value()));
        return line;
    }

    /** The topic of a line, without reading the rest. */
    static Topic topic(JsonNode line) throws MalformedException {
        if (!line.isObject()) {
            throw new MalformedException("it is no JSON object: write one record a line");
        }
        Topic topic = TOPICS.get(text(line, "topic"));
        if (topic == null) {
            throw new MalformedException(
                    "field 'topic' is "
                            + line.get("topic")
                            + ": write one of "
                            + String.join(", ", TOPICS.keySet()));
        }
        return topic;
    }

    /** The record of a line. */
    Entry read(JsonNode line) throws MalformedException {
        Topic topic = topic(line);
        for (Map.Entry<String, JsonNode> field : line.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw new MalformedException(
                        "field '" + field.getKey() + "' is unknown: leave it out");
            }
        }
        String type = text(line, "type");
        Schema schema = Contract.schemas().get(type);
        if (schema == null) {
            throw new MalformedException(
                    "field 'type' is \"" + type + "\", which is no record of the contract");
        }
        if (!line.has("value")) {
            throw new MalformedException("field 'value' is missing: write the record under it");
        }
        SpecificRecord value = avro.record(schema, line.get("value"));
        String key = text(line, "key");
        Object run = value.get(schema.getField("runId").pos());
        if (!key.equals(run)) {
            throw new MalformedException(
                    "field 'key' is \""
                            + key
                            + "\" and field 'value.runId' \""
                            + run
                            + "\": write the same run in both");
        }
        return new Entry(
                topic,
                (int) number(line, "partition"),
                number(line, "offset"),
                time(line),
                key,
                value);
    }

    private static String text(JsonNode line, String field) throws MalformedException {
        JsonNode node = line.get(field);
        if (node == null || !node.isTextual()) {
            throw new MalformedException("field '" + field + "' is missing or no text");
        }
        return node.textValue();
    }

    private static long number(JsonNode line, String field) throws MalformedException {
        JsonNode node = line.get(field);
        if (node == null || !node.canConvertToLong() || node.longValue() < 0) {
            throw new MalformedException(
                    "field '" + field + "' is missing or no number of 0 and more");
        }
        return node.longValue();
    }

    private static Instant time(JsonNode line) throws MalformedException {
        try {
            return Instant.parse(text(line, "time"));
        } catch (DateTimeParseException e) {
            throw new MalformedException(
                    "field 'time' is no time: write it like 2026-11-22T04:00:00Z");
        }
    }

    private static JsonNode floats(ByteBuffer bfloats) {
        byte[] halves = new byte[bfloats.remaining()];
        bfloats.duplicate().get(halves);
        float[] values = BFloat16.decode(halves);
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes.array()));
    }
}
