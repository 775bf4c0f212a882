package io.sluice.ops.demo;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo's folder: it can be written, holds nothing of an earlier demo, and belongs to one demo
 * at a time.
 */
final class StateFolder implements AutoCloseable {

    /** Marks a folder as ours, so that nothing else is ever emptied; locked while a demo runs. */
    private static final String MARK = ".sluice-demo";

    private final FileChannel mark;

    private StateFolder(FileChannel mark) {
        this.mark = mark;
    }

    /**
     * Empties the folder and keeps others out of it until this is closed.
     *
     * @throws UserException when it cannot be written, holds other files, or another demo has it
     */
    static StateFolder take(Path folder) {
        try {
            if (Files.exists(folder) && !isOurs(folder)) {
                throw new UserException(
                        folder
                                + " holds files that are not a demo's: choose an empty or new folder with --state");
            }
            Files.createDirectories(folder);
            FileChannel mark =
                    FileChannel.open(
                            folder.resolve(MARK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            lock(mark, folder);
            clear(folder);
            return new StateFolder(mark);
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

    @Override
    public void close() throws IOException {
        mark.close();
    }

    private static void lock(FileChannel mark, Path folder) throws IOException {
        if (!isFree(mark)) {
            mark.close();
            throw new UserException(
                    "another demo is running in "
                            + folder
                            + ": wait for it, or choose another folder with --state");
        }
    }

    private static boolean isFree(FileChannel mark) throws IOException {
        try {
            return mark.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
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
        try (Stream<Path> content = Files.walk(folder)) {
            List<Path> deepestFirst = content.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                if (!path.equals(folder) && !path.equals(folder.resolve(MARK))) {
                    Files.delete(path);
                }
            }
        }
    }
}
