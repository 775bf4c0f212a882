package io.sluice.ops.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Optional;

/** A process that is told what to do by lines, and tells its findings as lines of JSON. */
final class JsonProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final ChildProcess process;

    JsonProcess(String name, ChildProcess process) {
        this.name = name;
        this.process = process;
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
