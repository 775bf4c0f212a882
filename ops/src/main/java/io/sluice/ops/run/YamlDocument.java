package io.sluice.ops.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A file as a tree of YAML nodes that know their lines. What a settings file never needs is refused
 * before the tree is made: anchors and aliases, deep nesting, many megabytes.
 */
final class YamlDocument {

    /** Ten thousand groups with all their keys take about half of it. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MAX_DEPTH = 8;

    private YamlDocument() {}

    /** The root of the file's only document, or empty with the reasons in {@code problems}. */
    static Optional<Node> read(Path file, Problems problems) {
        Optional<String> text = text(file, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();
            if (!isPlain(text.get(), settings, problems)) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text.get());
            if (root.isEmpty()) {
                problems.add(1, 1, "the file is empty: docs/run-yaml.md shows what it holds");
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            problems.add(e.getProblemMark(), "this is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(1, 1, "this is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<String> text(Path file, Problems problems) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            problems.add(1, 1, "there is no such file");
            return Optional.empty();
        } catch (IOException e) {
            problems.add(1, 1, "the file cannot be read (" + e.getMessage() + ")");
            return Optional.empty();
        }
        if (bytes.length > MAX_BYTES) {
            problems.add(1, 1, "the file is over " + MAX_BYTES + " bytes: allowed is less");
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            problems.add(line, 1, "this line is not UTF-8: save the file as UTF-8");
            return Optional.empty();
        }
    }

    /** Walks the events, which takes no stack and follows no alias. */
    private static boolean isPlain(String text, LoadSettings settings, Problems problems) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            boolean anchored =
                    event instanceof AliasEvent
                            || event instanceof NodeEvent node && node.getAnchor().isPresent();
            if (anchored) {
                problems.add(
                        event.getStartMark(),
                        "anchors (&) and aliases (*) are refused: write the value out");
                return false;
            }
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                problems.add(
                        event.getStartMark(),
                        "nested more than " + MAX_DEPTH + " deep: no key needs that");
                return false;
            }
        }
        return true;
    }
}
