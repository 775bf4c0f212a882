package io.sluice.ops.bench;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for the length of a benchmark.
 *
 * @param path where it is
 */
record ScratchFolder(Path path) implements AutoCloseable {

    static ScratchFolder create() throws IOException {
        return new ScratchFolder(Files.createTempDirectory("sluice-bench"));
    }

    /**
     * Makes sure that there is room.
     *
     * @throws UserException when there is not
     */
    void requireSpace(long bytes) throws IOException {
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < bytes) {
            throw new UserException(
                    String.format(
                            "%s has room for %.1f GB, and this needs %.1f GB: make room, or name another"
                                    + " folder with SLUICE_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER",
                            path.getParent(), free / 1e9, bytes / 1e9));
        }
    }

    /** A folder in it. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    /** Deletes what can be deleted: what is left over is the system's to clear. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
