package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record of the log as JSON: where it stands, and what it says. Bytes are shown by their number
 * and their beginning; numbers that JSON lacks are text. What cannot be decoded is shown with the
 * reason and its beginning.
 */
final class RecordJson {

    private static final int SHOWN_BYTES = 32;

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final Contract contract = new Contract();
    private final Function<ByteBuffer, JsonNode> bytes;

    RecordJson() {
        this(RecordJson::beginning);
    }

    /**
     * @param bytes how bytes are shown
     */
    RecordJson(Function<ByteBuffer, JsonNode> bytes) {
        this.bytes = bytes;
    }

    ObjectNode of(LogRecord record) {
        ObjectNode json = nodes.objectNode();
        json.put("topic", record.topic());
        json.put("partition", record.partition());
        json.put("offset", record.offset());
        json.put("time", record.time().toString());
        json.put("key", record.key());
        try {
            SpecificRecord value = contract.decode(record.value());
            json.put("type", value.getSchema().getName());
            json.set("value", node(value));
        } catch (ContractException e) {
            ObjectNode undecodable = json.putObject("undecodable");
            undecodable.put("kind", e.kind().name());
            undecodable.put("message", e.getMessage());
            undecodable.setAll(beginning(ByteBuffer.wrap(record.value())));
        }
        return json;
    }

    /** What a record says, without where it stands. */
    JsonNode value(SpecificRecord record) {
        return node(record);
    }

    private JsonNode node(Object value) {
        if (value instanceof SpecificRecord record) {
            ObjectNode json = nodes.objectNode();
            for (Schema.Field field : record.getSchema().getFields()) {
                json.set(field.name(), node(record.get(field.pos())));
            }
            return json;
        }
        if (value instanceof Collection<?> items) {
            ArrayNode json = nodes.arrayNode(items.size());
            items.forEach(item -> json.add(node(item)));
            return json;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(key.toString(), node(item)));
            return nodes.objectNode().setAll(sorted);
        }
        if (value instanceof ByteBuffer buffer) {
            return bytes.apply(buffer);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return nodes.numberNode(number);
        }
        if (value instanceof Long number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Integer number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        return nodes.textNode(String.valueOf(value));
    }

    private static ObjectNode beginning(ByteBuffer bytes) {
        byte[] shown = new byte[Math.min(SHOWN_BYTES, bytes.remaining())];
        bytes.duplicate().get(shown);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("bytes", bytes.remaining());
        json.put("hexPrefix", HexFormat.of().formatHex(shown));
        return json;
    }
}
