package io.sluice.ops.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads where the data of a group or target is, and looks whether it is there. */
final class DataReader {

    private static final List<Key> SOURCES = List.of(Key.FILES, Key.HUGGINGFACE, Key.MOSAICML);
    private static final List<Key> OF_HUGGINGFACE = List.of(Key.CONFIG, Key.SPLIT, Key.FIELD);

    private final FileGlobs globs;
    private final Path folder;

    DataReader(Path runFile) {
        this.folder = runFile.toAbsolutePath().normalize().getParent();
        this.globs = new FileGlobs(folder);
    }

    /** What a trainer's loader must know, as values that JSON has. */
    Map<String, Object> read(Section section) {
        Map<String, Object> data = new LinkedHashMap<>();
        List<Key> given = SOURCES.stream().filter(section::has).toList();
        if (given.size() != 1) {
            String what =
                    given.isEmpty() ? " names no data" : " names data in " + given.size() + " ways";
            section.problemHere(what + ": allowed is " + Key.GROUP_DATA.allowed());
            return data;
        }
        for (Key key : OF_HUGGINGFACE) {
            if (section.has(key) && !section.has(Key.HUGGINGFACE)) {
                section.problem(
                        key,
                        section.placeOf(key),
                        " is of no use here: allowed is it beside huggingface only");
            }
        }
        switch (given.get(0)) {
            case FILES -> data.put(Key.FILES.key(), files(section));
            case MOSAICML ->
                    section.text(Key.MOSAICML)
                            .ifPresent(
                                    path -> data.put(Key.MOSAICML.key(), mosaicml(section, path)));
            default -> {
                put(section, Key.HUGGINGFACE, data);
                OF_HUGGINGFACE.forEach(key -> put(section, key, data));
            }
        }
        return data;
    }

    private static void put(Section section, Key key, Map<String, Object> data) {
        section.text(key).ifPresent(value -> data.put(key.key(), value));
    }

    private List<String> files(Section section) {
        TreeSet<String> files = new TreeSet<>();
        for (ScalarNode pattern : section.list(Key.FILES)) {
            List<Path> found = new ArrayList<>();
            Optional<String> problem = globs.find(pattern.getValue(), found);
            problem.ifPresent(
                    why ->
                            section.problem(
                                    Key.FILES,
                                    pattern,
                                    " is '" + pattern.getValue() + "', and " + why));
            found.forEach(file -> files.add(file.toString()));
        }
        return List.copyOf(files);
    }

    private String mosaicml(Section section, String path) {
        if (path.contains("://")) {
            return path;
        }
        Path dataset = folder.resolve(path).normalize();
        if (!Files.isReadable(dataset.resolve("index.json"))) {
            section.problem(
                    Key.MOSAICML,
                    section.placeOf(Key.MOSAICML),
                    " is '"
                            + path
                            + "', and "
                            + dataset
                            + " has no readable index.json: allowed is "
                            + Key.MOSAICML.allowed());
        }
        return dataset.toString();
    }
}
