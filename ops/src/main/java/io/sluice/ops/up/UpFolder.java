package io.sluice.ops.up;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The folder of a local Sluice: it can be written, and belongs to one process at a time. */
final class UpFolder implements AutoCloseable {

    /**
     * Marks a folder as ours; locked while a process uses it, by the system, so never left over.
     */
    private static final String MARK = ".sluice-up";

    private final FileChannel mark;

    private UpFolder(FileChannel mark) {
        this.mark = mark;
    }

    /**
     * Keeps others out of the folder until this is closed.
     *
     * @throws UserException when it cannot be written, holds other files, or another process has it
     */
    static UpFolder take(Path folder) {
        try {
            if (Files.exists(folder) && !isOurs(folder)) {
                throw new UserException(
                        folder
                                + " holds files that are not of './sluice up': choose an empty or"
                                + " new folder with --state");
            }
            Files.createDirectories(folder);
            FileChannel mark =
                    FileChannel.open(
                            folder.resolve(MARK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isFree(mark)) {
                mark.close();
                throw new UserException(
                        "another './sluice up' runs in "
                                + folder
                                + ": stop it, or choose another folder with --state");
            }
            return new UpFolder(mark);
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
    public void close() {
        try {
            mark.close();
        } catch (IOException e) {
            // The lock ends with the process, too.
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
}
