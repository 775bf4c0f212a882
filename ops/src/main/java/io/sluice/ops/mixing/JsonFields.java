package io.sluice.ops.mixing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.ops.UserException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One object of a JSON file, read field by field; what is wrong is told with the field's path. */
final class JsonFields {

    private final String path;
    private final JsonNode node;

    JsonFields(String path, JsonNode node, Set<String> known) {
        this(path, node);
        if (!known.isEmpty()) {
            node.fieldNames()
                    .forEachRemaining(
                            name -> {
                                if (!known.contains(name)) {
                                    throw wrong(name, "is unknown: allowed is " + known);
                                }
                            });
        }
    }

    private JsonFields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw UserException.invalid(
                    (path.isEmpty() ? "the file" : "field '" + path + "'")
                            + " is no object: write {...}",
                    null);
        }
    }

    /** The objects under a name, sorted by their own names. */
    Map<String, JsonFields> objects(String name, Set<String> known) {
        Map<String, JsonFields> objects = new TreeMap<>();
        JsonNode all = node.get(name);
        if (all != null) {
            new JsonFields(at(name), all)
                    .node
                    .properties()
                    .forEach(
                            entry ->
                                    objects.put(
                                            entry.getKey(),
                                            new JsonFields(
                                                    at(name) + "." + entry.getKey(),
                                                    entry.getValue(),
                                                    known)));
        }
        return objects;
    }

    /** An object under a name; one without fields where there is none. */
    JsonFields object(String name, Set<String> known) {
        JsonNode found = node.get(name);
        return new JsonFields(
                at(name), found == null ? JsonNodeFactory.instance.objectNode() : found, known);
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** A number, if it is there. */
    Optional<Double> number(String name, double least, double most) {
        JsonNode found = node.get(name);
        if (found == null) {
            return Optional.empty();
        }
        double value = found.doubleValue();
        if (!found.isNumber() || !(value >= least && value <= most)) {
            throw wrong(
                    name, "is " + found + ": allowed is a number from " + least + " to " + most);
        }
        return Optional.of(value);
    }

    /** A whole number, or a default. */
    long count(String name, long fallback, long least, long most) {
        JsonNode found = node.get(name);
        if (found == null) {
            return fallback;
        }
        if (!found.canConvertToLong()
                || found.doubleValue() != Math.rint(found.doubleValue())
                || found.longValue() < least
                || found.longValue() > most) {
            throw wrong(
                    name, "is " + found + ": allowed is an integer from " + least + " to " + most);
        }
        return found.longValue();
    }

    /** Lists of numbers by name. */
    Map<String, double[]> vectors() {
        Map<String, double[]> vectors = new TreeMap<>();
        node.properties()
                .forEach(
                        entry -> {
                            JsonNode list = entry.getValue();
                            if (!list.isArray()) {
                                throw wrong(entry.getKey(), "is no list: write [...]");
                            }
                            double[] values = new double[list.size()];
                            for (int k = 0; k < values.length; k++) {
                                double value = list.get(k).doubleValue();
                                if (!list.get(k).isNumber() || !Double.isFinite(value)) {
                                    throw wrong(
                                            entry.getKey(),
                                            "holds "
                                                    + list.get(k)
                                                    + ": allowed are finite numbers");
                                }
                                values[k] = value;
                            }
                            vectors.put(entry.getKey(), values);
                        });
        return vectors;
    }

    /** The names that stand here. */
    List<String> names() {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    UserException wrong(String name, String problem) {
        return UserException.invalid("field '" + at(name) + "' " + problem, null);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
