package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ops.UserException;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Answers questions about runs from the topics. Every answer is a fresh reading of the log up to
 * its end at the time of the question; nothing is written. For one thread.
 */
public final class Inspector implements AutoCloseable {

    private static final int MOST_NAMES = 10;

    /** Of each partition, where no run is named: runs that have decided lately are among them. */
    private static final long DECISIONS_FOR_COUNTS = 1_000;

    private static final Comparator<LogRecord> BY_TIME =
            Comparator.comparing(LogRecord::time)
                    .thenComparingInt(LogRecord::partition)
                    .thenComparingLong(LogRecord::offset);

    private final LogReader reader;
    private final ContractLog log;
    private final String prefix;

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the topics' names
     * @param limit most time that the reading of one topic may take
     * @throws UserException when the properties make no client; the methods throw it when the
     *     brokers do not answer, refuse, lack a topic, or hold more than can be read in time
     */
    public Inspector(Properties client, String prefix, Duration limit) {
        this.reader = new LogReader(client, limit);
        this.log = new ContractLog(reader, prefix);
        this.prefix = prefix;
    }

    @Override
    public void close() {
        reader.close();
    }

    /**
     * Where the runs stand.
     *
     * @param run the run that is wanted; empty for all
     */
    public StatusView status(Optional<String> run, InstantSource clock) {
        run.ifPresent(name -> requireRun(name, entry -> {}));
        return new StatusFeed(reader, prefix, run, clock).next();
    }

    /**
     * The newest plans of a run.
     *
     * @param last how many, at least 1
     */
    public HistoryView history(String run, int last) {
        HistoryFold fold = new HistoryFold(run, last);
        requireRun(run, fold::add);
        for (Topic topic :
                new Topic[] {
                    Topic.CONTROL, Topic.PLANS, Topic.ACKS, Topic.SEALS, Topic.DECISIONS
                }) {
            log.read(topic, LogReader.ALL, Optional.of(run), fold::add);
        }
        return fold.view(log.skipped());
    }

    /** Why the mixture of a run is what it is at a step. */
    public Explanation explain(String run, long step) {
        SealSearch search = new SealSearch(step);
        log.read(Topic.SEALS, LogReader.ALL, Optional.of(run), search::add);
        if (search.found().isEmpty()) {
            requireRun(run, entry -> {});
            throw new UserException(notSealed(run, step, search.last()));
        }
        ExplainFold fold = new ExplainFold(run, step, search.found().get(), search.takenBack());
        requireRun(run, fold::add);
        for (Topic topic : new Topic[] {Topic.CONTROL, Topic.PLANS, Topic.ACKS, Topic.DECISIONS}) {
            log.read(topic, LogReader.ALL, Optional.of(run), fold::add);
        }
        return fold.view();
    }

    /**
     * Makes all recorded decisions of a run once more, from the log alone.
     *
     * @param sink takes every decision that is the same, as JSON, in the order of attempts and
     *     rounds
     */
    public ReplayView replay(String run, Consumer<JsonNode> sink) {
        return Replays.replay(records(run), sink);
    }

    /**
     * What a run would have decided otherwise; its recorded decisions are made once more on the
     * way.
     *
     * @param sink takes every decision that would have been made, as JSON
     */
    public WhatIfView whatIf(String run, WhatIfChange change, Consumer<JsonNode> sink) {
        return Replays.whatIf(records(run), change, sink);
    }

    /**
     * Hands on all that a replay of a run needs, one JSON object a record, which {@link Replays}
     * reads back from a file.
     *
     * @return how many records
     */
    public long record(String run, Consumer<JsonNode> sink) {
        RecordLine lines = new RecordLine();
        long[] count = {0};
        records(run)
                .read(
                        entry -> {
                            count[0]++;
                            sink.accept(lines.of(entry));
                        });
        return count[0];
    }

    private RunRecords records(String run) {
        return new RunRecords() {
            @Override
            public void read(Consumer<Entry> sink) {
                for (Topic topic : TOPICS) {
                    if (topic == Topic.RUNS) {
                        requireRun(run, sink);
                    } else {
                        log.read(topic, LogReader.ALL, Optional.of(run), sink);
                    }
                }
            }

            @Override
            public String run() {
                return run;
            }

            @Override
            public long skipped() {
                return log.skipped();
            }
        };
    }

    /**
     * The newest records that were turned away.
     *
     * @param run the run that is wanted; empty for all
     * @param reason the reason that is wanted; empty for all
     * @param last how many, at least 1
     */
    public RejectsView rejects(Optional<String> run, Optional<RejectReason> reason, int last) {
        RejectsFold fold = new RejectsFold(reason, last);
        boolean all = run.isEmpty() && reason.isEmpty();
        log.read(Topic.REJECTS, all ? last : LogReader.ALL, run, fold::add);
        log.read(
                Topic.DECISIONS,
                run.isPresent() ? LogReader.ALL : DECISIONS_FOR_COUNTS,
                run,
                fold::add);
        return fold.view(log.skipped());
    }

    /**
     * The newest records of a topic as JSON, one object each, the oldest first.
     *
     * @param topic a topic of the contract without its prefix, or any topic's full name
     * @param partition the partition that is wanted; empty for all
     * @param run the key that is wanted; empty for all
     * @param count how many, at least 1
     */
    public void decodeNewest(
            String topic,
            Optional<Integer> partition,
            Optional<String> run,
            int count,
            Consumer<JsonNode> sink) {
        RecordJson json = new RecordJson();
        TreeSet<LogRecord> newest = new TreeSet<>(BY_TIME);
        reader.read(
                fullName(topic),
                run.isPresent() ? LogReader.ALL : count,
                record -> {
                    boolean other =
                            partition.filter(p -> p != record.partition()).isPresent()
                                    || run.filter(key -> !key.equals(record.key())).isPresent();
                    if (!other) {
                        newest.add(record);
                    }
                    if (newest.size() > count) {
                        newest.pollFirst();
                    }
                });
        newest.forEach(record -> sink.accept(json.of(record)));
    }

    /**
     * The records of one partition from an offset on, as JSON.
     *
     * @param topic as {@link #decodeNewest}
     * @param run the key that is wanted; empty for all
     * @param count how many at most, at least 1
     */
    public void decodeFrom(
            String topic,
            int partition,
            long offset,
            Optional<String> run,
            int count,
            Consumer<JsonNode> sink) {
        RecordJson json = new RecordJson();
        int[] left = {count};
        reader.readFrom(
                fullName(topic),
                partition,
                offset,
                record -> {
                    if (run.filter(key -> !key.equals(record.key())).isEmpty()) {
                        sink.accept(json.of(record));
                        left[0]--;
                    }
                    return left[0] > 0;
                });
    }

    private String fullName(String topic) {
        for (Topic known : Topic.values()) {
            if (known.name("").equals(topic)) {
                return known.name(prefix);
            }
        }
        return topic;
    }

    private void requireRun(String run, Consumer<Entry> sink) {
        TreeSet<String> names = new TreeSet<>();
        log.readRuns(
                run,
                key -> {
                    if (names.size() < MOST_NAMES || key.equals(run)) {
                        names.add(key);
                    }
                },
                sink);
        if (!names.contains(run)) {
            throw new UserException(
                    "no run '"
                            + run
                            + "' is in "
                            + Topic.RUNS.name(prefix)
                            + (names.isEmpty()
                                    ? ", which is empty: check --bootstrap and --prefix"
                                    : ": choose another with --run, such as "
                                            + String.join(", ", names)));
        }
    }

    private static String notSealed(String run, long step, Optional<SealedSteps> last) {
        return last.map(
                        s ->
                                "run '%s' has not sealed step %d: attempt %d sealed steps through %d; ask for one of those"
                                        .formatted(run, step, s.attempt(), s.through()))
                .orElse(
                        "run '%s' has sealed no step yet: wait until its trainer has begun"
                                .formatted(run));
    }
}
