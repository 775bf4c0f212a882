package io.sluice.ops.inspect;

import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Topic;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * The contract's topics, decoded. A record that is not of the contract, or that names another run
 * than its key, is skipped and counted: the jobs turned it away as well.
 */
final class ContractLog {

    private final Contract contract = new Contract();
    private final LogReader reader;
    private final String prefix;
    private long skipped;

    ContractLog(LogReader reader, String prefix) {
        this.reader = reader;
        this.prefix = prefix;
    }

    /**
     * Reads a topic as {@link LogReader#read} does.
     *
     * @param run the run whose records are wanted; empty for all. Others are not even decoded
     */
    void read(Topic topic, long newest, Optional<String> run, Consumer<Entry> sink) {
        reader.read(topic.name(prefix), newest, record -> take(topic, record, run, sink));
    }

    /** As {@link #read}, in the manner of {@link LogReader#readOn}. */
    void readOn(Topic topic, long newest, Optional<String> run, Consumer<Entry> sink) {
        reader.readOn(topic.name(prefix), newest, record -> take(topic, record, run, sink));
    }

    /**
     * Reads the declarations, attempts and checkpoints of one run.
     *
     * @param others takes the keys of all records, so that a wrong name can be told from its
     *     neighbours
     */
    void readRuns(String run, Consumer<String> others, Consumer<Entry> sink) {
        reader.read(
                Topic.RUNS.name(prefix),
                LogReader.ALL,
                record -> {
                    others.accept(record.key());
                    take(Topic.RUNS, record, Optional.of(run), sink);
                });
    }

    private void take(Topic topic, LogRecord record, Optional<String> run, Consumer<Entry> sink) {
        if (run.isEmpty() || run.get().equals(record.key())) {
            decode(topic, record).ifPresent(sink);
        }
    }

    /** How many records were skipped so far. */
    long skipped() {
        return skipped;
    }

    private Optional<Entry> decode(Topic topic, LogRecord record) {
        try {
            SpecificRecord value = contract.decode(record.value());
            if (names(value, record.key())) {
                return Optional.of(
                        new Entry(
                                topic,
                                record.partition(),
                                record.offset(),
                                record.time(),
                                record.key(),
                                value));
            }
        } catch (ContractException e) {
            // Counted below.
        }
        skipped++;
        return Optional.empty();
    }

    /** Whether a record's run, where it has one, is its key. */
    private static boolean names(SpecificRecord value, String key) {
        Schema.Field run = value.getSchema().getField("runId");
        return run == null || key.equals(value.get(run.pos()));
    }
}
