package io.sluice.ops.stack;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A state folder that can be written, and belongs to one process at a time. */
public final class OwnedFolder implements AutoCloseable {

    private final FileChannel mark;

    private OwnedFolder(FileChannel mark) {
        this.mark = mark;
    }

    /**
     * Keeps others out of the folder until this is closed.
     *
     * @param markName file that marks a folder as ours, so that no other is ever used; locked while
     *     a process uses the folder, by the system, so never left over
     * @param owner whose the folder is, for messages
     * @throws UserException when it cannot be written, holds other files, or another process has it
     */
    public static OwnedFolder take(Path folder, String markName, String owner) {
        try {
            if (Files.exists(folder) && !isOurs(folder, markName)) {
                throw new UserException(
                        folder
                                + " holds files that are not of "
                                + owner
                                + ": choose an empty or new folder with --state");
            }
            Files.createDirectories(folder);
            FileChannel mark =
                    FileChannel.open(
                            folder.resolve(markName),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isFree(mark)) {
                mark.close();
                throw new UserException(
                        "another "
                                + owner
                                + " runs in "
                                + folder
                                + ": stop it, or choose another folder with --state");
            }
            return new OwnedFolder(mark);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** What to tell when the folder cannot be written. */
    public static UserException unwritable(Path folder, IOException e) {
        return new UserException(
                "cannot write to "
                        + folder
                        + " ("
                        + e
                        + "): choose another folder with --state, or allow writing",
                e);
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

    private static boolean isOurs(Path folder, String markName) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> content = Files.list(folder)) {
            return Files.exists(folder.resolve(markName)) || content.findAny().isEmpty();
        }
    }
}
