package io.sluice.ops.bench.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A folder of finished runs, one file each, so that a benchmark that was ended goes on where it
 * was. It holds the runs of one corpus and one setting.
 */
final class RunFolder {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String CONDITIONS = "conditions.json";

    private final Path folder;

    private RunFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder, which is made where it is missing.
     *
     * @param conditions everything beside the run's own name that decides what comes of it
     * @throws UserException when it holds runs under other conditions, or cannot be written
     */
    static RunFolder open(Path folder, SortedMap<String, Object> conditions) {
        Path file = folder.resolve(CONDITIONS);
        try {
            Files.createDirectories(folder);
            String here = JSON.writeValueAsString(conditions);
            if (!Files.exists(file)) {
                write(file, here);
            } else if (!Files.readString(file).equals(here)) {
                throw new UserException(
                        folder
                                + " holds runs of another corpus or setting: name another folder"
                                + " with --work, or remove it");
            }
            return new RunFolder(folder);
        } catch (IOException e) {
            throw new UserException(
                    "cannot use " + folder + " for finished runs (" + e + "): name another folder",
                    e);
        }
    }

    /** The record of a finished run; empty when it has not been finished. */
    Optional<RunRecord> find(TrainingRun run) {
        Path file = folder.resolve(run.fileName());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), RunRecord.class));
        } catch (IOException | RuntimeException e) {
            throw new UserException(
                    file + " is not the record of a run (" + e.getMessage() + "): remove it", e);
        }
    }

    /** Keeps a finished run; a reader sees all of it or nothing. */
    void put(TrainingRun run, RunRecord record) {
        try {
            write(folder.resolve(run.fileName()), JSON.writeValueAsString(record));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + record, e);
        } catch (IOException e) {
            throw new UserException("cannot keep a finished run in " + folder + " (" + e + ")", e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(draft, text);
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
