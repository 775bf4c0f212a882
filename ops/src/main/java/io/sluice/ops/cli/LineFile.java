package io.sluice.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ops.UserException;
import io.sluice.ops.inspect.ViewJson;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of JSON Lines that a person asked for, or none. */
final class LineFile implements AutoCloseable {

    private final Optional<Path> file;
    private final Writer out;

    private LineFile(Optional<Path> file, Writer out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Begins a file.
     *
     * @param file where it lies; empty for nowhere
     * @throws UserException when it cannot be written; {@link #write} and {@link #close} likewise
     */
    static LineFile open(Optional<Path> file) {
        try {
            return new LineFile(
                    file,
                    file.isPresent() ? Files.newBufferedWriter(file.get()) : Writer.nullWriter());
        } catch (IOException e) {
            throw wrong(file, e);
        }
    }

    void write(JsonNode line) {
        try {
            out.write(ViewJson.line(line));
        } catch (IOException e) {
            throw wrong(file, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw wrong(file, e);
        }
    }

    private static UserException wrong(Optional<Path> file, IOException e) {
        return new UserException(
                "cannot write to "
                        + file.map(Path::toString).orElse("nowhere")
                        + " ("
                        + e.getMessage()
                        + "): choose another --out",
                e);
    }
}
