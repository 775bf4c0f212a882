package io.sluice.ops.run;

import io.sluice.core.domain.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the file. Every question has an answer, so that reading goes on after a problem: the
 * default, where what stands there is not allowed.
 */
final class Section {

    private final String path;
    private final Node place;
    private final Problems problems;
    private final List<ScalarNode> keys = new ArrayList<>();
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Section(String path, Node place, Problems problems) {
        this.path = path;
        this.place = place;
        this.problems = problems;
    }

    /**
     * The file itself.
     *
     * @throws RunFileException when it is no mapping
     */
    static Section root(Node root, Problems problems) {
        Section section = of("", root, "keys such as run, groups and targets", problems);
        problems.throwIfAny();
        section.requireKnown("");
        return section;
    }

    boolean has(Key key) {
        return values.containsKey(key.key());
    }

    /** Where a key's value stands; where this section begins when it is absent. */
    Node placeOf(Key key) {
        return values.getOrDefault(key.key(), place);
    }

    /** The mapping under a key, with known keys only; an empty one where the key is absent. */
    Section section(Key key) {
        Section section = open(key);
        section.requireKnown(key.path().endsWith(".data") ? "data" : key.path());
        return section;
    }

    /** The mappings under a key whose own keys are chosen by the file. */
    Map<String, Section> sections(Key key, Key entry) {
        Map<String, Section> sections = new LinkedHashMap<>();
        Section all = open(key);
        all.values.forEach(
                (id, node) -> {
                    Section one = of(all.name(id), node, entry.allowed(), problems);
                    one.requireKnown(entry.path());
                    if (Ids.isValid(id)) {
                        sections.put(id, one);
                    } else {
                        problems.add(
                                node,
                                "key '"
                                        + all.name(id)
                                        + "' is no identifier: allowed is "
                                        + Key.RUN.allowed());
                    }
                });
        return sections;
    }

    /** The values under a key whose own keys are chosen by the file, where they are allowed. */
    Map<String, ScalarNode> values(Key key, Key entry) {
        Map<String, ScalarNode> allowed = new LinkedHashMap<>();
        Section all = open(key);
        all.values.forEach(
                (name, node) -> {
                    if (all.isAllowed(name, node, entry)) {
                        allowed.put(name, (ScalarNode) node);
                    }
                });
        return allowed;
    }

    /** A key's value, if it is there and allowed. */
    Optional<String> text(Key key) {
        Node node = values.get(key.key());
        if (node == null) {
            if (key.isRequired()) {
                problems.add(
                        place, "key '" + key.path() + "' is missing: allowed is " + key.allowed());
            }
            return Optional.empty();
        }
        return isAllowed(key.key(), node, key)
                ? Optional.of(((ScalarNode) node).getValue())
                : Optional.empty();
    }

    long integer(Key key) {
        return Long.parseLong(text(key).orElse(key.fallback()));
    }

    double number(Key key) {
        return Double.parseDouble(text(key).orElse(key.fallback()));
    }

    /** A value, or a list of values; nothing where one of them is not allowed. */
    List<ScalarNode> list(Key key) {
        Node node = values.get(key.key());
        if (node == null) {
            return List.of();
        }
        List<Node> items =
                node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
        if (items.isEmpty()) {
            refuse(key.key(), node, "an empty list", key);
        }
        List<ScalarNode> allowed = new ArrayList<>();
        for (Node item : items) {
            if (isAllowed(key.key(), item, key)) {
                allowed.add((ScalarNode) item);
            }
        }
        return allowed;
    }

    /** Adds a problem with this section. */
    void problemHere(String message) {
        problems.add(place, "key '" + path + "'" + message);
    }

    /** Adds a problem with a key of this section. */
    void problem(Key key, Node at, String message) {
        problems.add(at, "key '" + name(key.key()) + "'" + message);
    }

    private Section open(Key key) {
        Node node = values.get(key.key());
        if (node == null) {
            if (key.isRequired()) {
                problems.add(
                        place, "key '" + key.path() + "' is missing: allowed is " + key.allowed());
            }
            return new Section(name(key.key()), place, problems);
        }
        return of(name(key.key()), node, key.allowed(), problems);
    }

    private static Section of(String path, Node node, String allowed, Problems problems) {
        Section section = new Section(path, node, problems);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(section::put);
        } else if (!isNull(node)) {
            problems.add(node, subject(path) + " is " + shown(node) + ": allowed is " + allowed);
        }
        return section;
    }

    private void put(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problems.add(tuple.getKeyNode(), subject(path) + " has a key that is no word");
        } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) == null) {
            keys.add(key);
        } else {
            problems.add(key, "key '" + name(key.getValue()) + "' stands here twice: remove one");
        }
    }

    private void requireKnown(String parent) {
        List<String> known = Key.under(parent).stream().map(Key::key).toList();
        for (ScalarNode key : keys) {
            if (!known.contains(key.getValue())) {
                problems.add(
                        key,
                        "key '"
                                + name(key.getValue())
                                + "' is unknown: "
                                + Suggestion.nearest(key.getValue(), known)
                                        .map(word -> "did you mean '" + word + "'? ")
                                        .orElse("")
                                + "allowed is "
                                + String.join(", ", known));
            }
        }
    }

    private boolean isAllowed(String key, Node node, Key rule) {
        if (node instanceof ScalarNode scalar && !isNull(node) && rule.accepts(scalar.getValue())) {
            return true;
        }
        refuse(key, node, shown(node), rule);
        return false;
    }

    private void refuse(String key, Node node, String what, Key rule) {
        String guess =
                node instanceof ScalarNode scalar
                        ? Suggestion.nearest(scalar.getValue(), rule.choices())
                                .map(word -> " (did you mean '" + word + "'?)")
                                .orElse("")
                        : "";
        problems.add(
                node,
                "key '" + name(key) + "' is " + what + guess + ": allowed is " + rule.allowed());
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String subject(String path) {
        return path.isEmpty() ? "the file" : "key '" + path + "'";
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && scalar.getTag().equals(Tag.NULL);
    }

    private static String shown(Node node) {
        if (node instanceof ScalarNode scalar) {
            String text = scalar.getValue();
            return isNull(node)
                    ? "empty"
                    : "'" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "'";
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }
}
