package io.sluice.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes figures as JSON where a person asked for them. */
final class JsonFile {

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(new Jdk8Module())
                    .enable(SerializationFeature.INDENT_OUTPUT);

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
            Files.writeString(draft, text(value));
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException("cannot write " + file + " (" + e + "): name another file", e);
        }
    }

    /** {@code value} as lines of JSON. */
    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value, e);
        }
    }
}
