package io.sluice.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes figures where a person asked for them. */
final class JsonFile {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonFile() {}

    /**
     * Finds out before hours of work whether the file can be written at its end.
     *
     * @throws UserException when it cannot
     */
    static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new UserException(
                    "cannot write "
                            + file
                            + ": name a file in an existing folder that you may write to");
        }
    }

    /** Writes {@code value}; a reader sees the old file or the new. */
    static void write(Path file, Object value) {
        Path target = file.toAbsolutePath();
        Path draft = target.resolveSibling("." + target.getFileName() + ".tmp");
        try {
            Files.writeString(draft, JSON.writeValueAsString(value) + System.lineSeparator());
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value, e);
        } catch (IOException e) {
            throw new UserException("cannot write " + file + " (" + e + "): name another file", e);
        }
    }
}
