package io.sluice.ops.inspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.ops.UserException;
import io.sluice.ops.candidates.ByteLines;
import io.sluice.ops.inspect.RecordLine.MalformedException;
import io.sluice.schemas.Topic;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A run's records in a file that {@code ./sluice record} wrote, or somebody else: JSON Lines in any
 * order, but for telemetry, whose lines stand as they stood in their topic. The file is read twice:
 * telemetry, which is most of it, is never held.
 */
final class RecordFile implements RunRecords {

    /** A declaration or a decision of 10,000 groups takes some megabytes as text. */
    private static final int MOST_BYTES = 32 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(MOST_BYTES)
                                                    .maxNestingDepth(16)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final RecordLine lines = new RecordLine();
    private final Map<Topic, List<Entry>> small = new EnumMap<>(Topic.class);
    private final String run;

    @FunctionalInterface
    private interface LineReader {
        void take(JsonNode line) throws MalformedException;
    }

    /**
     * Reads everything but telemetry.
     *
     * @param wanted the run that is wanted; empty for the only one of the file
     * @throws UserException when the file cannot be read, has a line that is no such record, or has
     *     not exactly the run that is wanted
     */
    RecordFile(Path file, Optional<String> wanted) {
        this.file = file;
        RunRecords.TOPICS.forEach(topic -> small.put(topic, new ArrayList<>()));
        TreeSet<String> names = new TreeSet<>();
        each(
                line -> {
                    if (RecordLine.topic(line) != Topic.TELEMETRY) {
                        Entry entry = lines.read(line);
                        small.get(entry.topic()).add(entry);
                        if (entry.topic() == Topic.RUNS) {
                            names.add(entry.key());
                        }
                    }
                });
        this.run = wanted.orElseGet(() -> only(names));
        if (!names.contains(run)) {
            throw UserException.invalid(
                    file + " has no declaration of run '" + run + "': it has " + names, null);
        }
    }

    @Override
    public String run() {
        return run;
    }

    @Override
    public long skipped() {
        return 0;
    }

    @Override
    public void read(Consumer<Entry> sink) {
        for (Topic topic : RunRecords.TOPICS) {
            small.get(topic).stream().filter(entry -> entry.key().equals(run)).forEach(sink);
        }
        each(
                line -> {
                    if (RecordLine.topic(line) == Topic.TELEMETRY) {
                        Entry entry = lines.read(line);
                        if (entry.key().equals(run)) {
                            sink.accept(entry);
                        }
                    }
                });
    }

    private String only(TreeSet<String> names) {
        if (names.size() != 1) {
            throw UserException.invalid(
                    file
                            + (names.isEmpty()
                                    ? " has no run's declaration: write what ./sluice record writes"
                                    : " has the runs " + names + ": choose one with --run"),
                    null);
        }
        return names.first();
    }

    private void each(LineReader reader) {
        long number = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ByteLines bytes = new ByteLines(in, MOST_BYTES);
            Optional<byte[]> line = bytes.next();
            while (line.isPresent()) {
                number++;
                if (bytes.wasTooLong()) {
                    throw new MalformedException("it has more than 32 MiB: one record a line");
                }
                if (line.get().length > 0) {
                    reader.take(JSON.readTree(line.get()));
                }
                line = bytes.next();
            }
        } catch (JsonProcessingException e) {
            throw wrong(number, "it is no JSON (" + e.getOriginalMessage() + "): mend it", e);
        } catch (MalformedException e) {
            throw wrong(number, e.getMessage(), e);
        } catch (IOException e) {
            throw new UserException(
                    "cannot read " + file + " (" + e + "): name a file of JSON Lines", e);
        }
    }

    private UserException wrong(long number, String message, Exception cause) {
        return UserException.invalid(file + ", line " + number + ": " + message, cause);
    }
}
