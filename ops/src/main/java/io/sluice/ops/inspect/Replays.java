package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ops.UserException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes a run's decisions once more, or otherwise, from a file of its records. */
public final class Replays {

    private Replays() {}

    /**
     * Makes all recorded decisions once more.
     *
     * @param file what {@code ./sluice record} wrote
     * @param run the run; empty for the only one of the file
     * @param sink takes every decision that is the same, as JSON
     * @throws UserException when the file cannot be read, naming the line
     */
    public static ReplayView replay(Path file, Optional<String> run, Consumer<JsonNode> sink) {
        return replay(new RecordFile(file, run), sink);
    }

    /** What would have been decided otherwise; as {@link #replay}. */
    public static WhatIfView whatIf(
            Path file, Optional<String> run, WhatIfChange change, Consumer<JsonNode> sink) {
        return whatIf(new RecordFile(file, run), change, sink);
    }

    static ReplayView replay(RunRecords records, Consumer<JsonNode> sink) {
        RecordJson json = new RecordJson();
        ReplayReading reading =
                new ReplayReading(records.run(), decision -> sink.accept(json.value(decision)));
        records.read(reading::take);
        return reading.view(records.skipped());
    }

    static WhatIfView whatIf(RunRecords records, WhatIfChange change, Consumer<JsonNode> sink) {
        RecordJson json = new RecordJson();
        WhatIfReading whatIf =
                new WhatIfReading(change, decision -> sink.accept(json.value(decision)));
        ReplayReading reading =
                new ReplayReading(records.run(), decision -> {}, Optional.of(whatIf));
        records.read(reading::take);
        return whatIf.view(reading.view(records.skipped()));
    }
}
