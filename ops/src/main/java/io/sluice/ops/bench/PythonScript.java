package io.sluice.ops.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A script of {@code trainer-bridge/python/bench} that tells its findings as lines of JSON. */
final class PythonScript implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NEEDED = "import sys; sys.exit(sys.version_info < (3, 10))";

    private final String name;
    private final ChildProcess process;

    private PythonScript(String name, ChildProcess process) {
        this.name = name;
        this.process = process;
    }

    /**
     * The Python to use: {@code $SLUICE_PYTHON}, else {@code python3}; empty when there is none of
     * 3.10 or newer.
     */
    static Optional<String> interpreter() throws InterruptedException {
        String candidate = System.getenv().getOrDefault("SLUICE_PYTHON", "python3");
        try {
            if (new ProcessBuilder(candidate, "-c", NEEDED).start().waitFor() == 0) {
                return Optional.of(candidate);
            }
        } catch (IOException e) {
            // No such program.
        }
        return Optional.empty();
    }

    /** Starts a script by its file's name. */
    static PythonScript start(String interpreter, String name, List<String> arguments) {
        Path home =
                Path.of(System.getProperty("sluice.home", ".")).resolve("trainer-bridge/python");
        List<String> command = new ArrayList<>();
        command.add(interpreter);
        command.add(home.resolve("bench").resolve(name).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONPATH", home.resolve("src").toString());
        return new PythonScript(name, ChildProcess.start(name, builder));
    }

    /** Tells it something. */
    void say(String line) {
        process.say(line);
    }

    /**
     * What it says next; empty when it has ended well.
     *
     * @throws IllegalStateException when it says nothing in time, or ended with an error
     */
    Optional<JsonNode> hear(Duration limit) throws InterruptedException {
        Optional<String> line = process.hear(limit);
        if (line.isEmpty()) {
            int code = process.awaitEnd(limit);
            if (code != 0) {
                throw new IllegalStateException(name + " ended with " + code);
            }
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line.get()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(name + " says " + line.get(), e);
        }
    }

    /** What it says next. */
    JsonNode answer(Duration limit) throws InterruptedException {
        return hear(limit)
                .orElseThrow(() -> new IllegalStateException(name + " ended without an answer"));
    }

    @Override
    public void close() {
        process.close();
    }
}
