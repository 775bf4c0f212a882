package io.sluice.ops.stack;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a job that ends and starts again. Each start is a life with a number and a folder
 * of its own, so that which snapshot is the newest is a matter of numbers and not of clocks.
 *
 * <pre>
 * life-1/checkpoints/JOB/chk-17/_metadata
 * life-1/savepoint/savepoint-.../_metadata     when it was stopped in order: the end of this life
 * </pre>
 */
final class JobLives {

    private static final Pattern LIFE = Pattern.compile("life-([0-9]{1,9})");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-([0-9]{1,18})");
    private static final String METADATA = "_metadata";

    private final Path folder;

    /**
     * @param folder created when absent
     */
    JobLives(Path folder) {
        this.folder = folder;
    }

    /**
     * Where one life keeps its state, and where it goes on from.
     *
     * @param folder the life's own folder
     * @param restore the newest snapshot of the lives before it; empty where there is none
     */
    record Life(Path folder, Optional<Path> restore) {

        Path checkpoints() {
            return folder.resolve("checkpoints");
        }

        Path savepoint() {
            return folder.resolve("savepoint");
        }
    }

    /**
     * Begins a life. Lives older than the one that it goes on from are deleted: a life's own first
     * checkpoint holds everything and refers to no earlier one.
     *
     * @throws UserException when the folder cannot be read or written
     */
    Life begin() {
        try {
            Files.createDirectories(folder);
            List<Path> newestFirst =
                    numbered(folder, LIFE)
                            .sorted(Comparator.comparing(this::life).reversed())
                            .toList();
            Optional<Path> restore = Optional.empty();
            for (Path life : newestFirst) {
                if (restore.isPresent()) {
                    delete(life);
                } else {
                    restore = newest(life);
                }
            }
            long next = newestFirst.isEmpty() ? 1 : life(newestFirst.get(0)) + 1;
            Path own = Files.createDirectories(folder.resolve("life-" + next));
            return new Life(own, restore);
        } catch (IOException e) {
            throw new UserException(
                    "the job cannot use "
                            + folder
                            + " ("
                            + e
                            + "): allow reading and writing there, or choose another folder with"
                            + " --state",
                    e);
        }
    }

    private static Optional<Path> newest(Path life) throws IOException {
        Optional<Path> savepoint = complete(life.resolve("savepoint")).findAny();
        if (savepoint.isPresent()) {
            return savepoint;
        }
        Path jobs = life.resolve("checkpoints");
        if (!Files.isDirectory(jobs)) {
            return Optional.empty();
        }
        try (Stream<Path> job = Files.list(jobs)) {
            Optional<Path> newest = Optional.empty();
            for (Path one : job.toList()) {
                newest =
                        Stream.concat(
                                        newest.stream(),
                                        complete(one).filter(path -> number(path, CHECKPOINT) >= 0))
                                .max(Comparator.comparing(path -> number(path, CHECKPOINT)));
            }
            return newest;
        }
    }

    /** Folders in {@code folder} whose snapshot was finished: the metadata come last. */
    private static Stream<Path> complete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content
                    .filter(path -> Files.isRegularFile(path.resolve(METADATA)))
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> numbered(Path folder, Pattern name) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> number(path, name) >= 0).toList().stream();
        }
    }

    private long life(Path path) {
        return number(path, LIFE);
    }

    private static long number(Path path, Pattern name) {
        Matcher matcher = name.matcher(path.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /**
     * Deletes a folder with all that is in it. What disappears meanwhile is as good as deleted: a
     * cluster that was told to end may still be tidying up.
     */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
            delete(folder);
        }
    }
}
