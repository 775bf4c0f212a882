package io.sluice.ops.demo;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the demo's folder ready: it exists, can be written, and holds nothing of an earlier demo.
 */
final class StateFolder {

    /** Marks a folder as ours, so that nothing else is ever emptied. */
    private static final String MARK = ".sluice-demo";

    private StateFolder() {}

    static void prepare(Path folder) {
        try {
            if (Files.exists(folder) && !isOurs(folder)) {
                throw new UserException(
                        folder
                                + " holds files that are not a demo's: choose an empty or new folder with --state");
            }
            clear(folder);
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(MARK), "");
        } catch (IOException e) {
            throw new UserException(
                    "cannot write to "
                            + folder
                            + " ("
                            + e
                            + "): choose another folder with --state, or allow writing",
                    e);
        }
    }

    private static boolean isOurs(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> content = Files.list(folder)) {
            return Files.exists(folder.resolve(MARK)) || content.findAny().isEmpty();
        }
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            List<Path> deepestFirst = content.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                if (!path.equals(folder)) {
                    Files.delete(path);
                }
            }
        }
    }
}
