package io.sluice.ops.inspect;

import io.sluice.ops.UserException;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Where runs stand, again and again: each reading goes on where the last one ended. */
public final class StatusFeed implements AutoCloseable {

    /** Declarations first; whoever rejects knows the run from them. */
    private static final Map<Topic, Long> NEWEST = newest();

    private final LogReader reader;
    private final ContractLog log;
    private final Optional<String> run;
    private final InstantSource clock;
    private final StatusFold fold = new StatusFold();

    StatusFeed(LogReader reader, String prefix, Optional<String> run, InstantSource clock) {
        this.reader = reader;
        this.log = new ContractLog(reader, prefix);
        this.run = run;
        this.clock = clock;
    }

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the topics' names
     * @param limit most time that the reading of one topic may take
     * @param run the run that is wanted; empty for all
     * @throws UserException when the properties make no client
     */
    public static StatusFeed open(
            Properties client,
            String prefix,
            Duration limit,
            Optional<String> run,
            InstantSource clock) {
        return new StatusFeed(new LogReader(client, limit), prefix, run, clock);
    }

    /**
     * Where the runs stand now.
     *
     * @throws UserException when the brokers do not answer, refuse, lack a topic, or hold more than
     *     can be read in time
     */
    public StatusView next() {
        NEWEST.forEach((topic, newest) -> log.readOn(topic, newest, run, fold::add));
        return fold.view(clock.instant().truncatedTo(ChronoUnit.MILLIS), log.skipped());
    }

    /** Empty when {@link #stop} was called. */
    public Optional<StatusView> nextUnlessStopped() {
        try {
            return Optional.of(next());
        } catch (LogReader.StoppedException e) {
            return Optional.empty();
        }
    }

    /** Ends a reading that is under way on another thread. */
    public void stop() {
        reader.stop();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** How many records of each partition are read at first; of what is small, all. */
    private static Map<Topic, Long> newest() {
        Map<Topic, Long> newest = new EnumMap<>(Topic.class);
        newest.put(Topic.RUNS, LogReader.ALL);
        newest.put(Topic.CONTROL, LogReader.ALL);
        newest.put(Topic.TELEMETRY, 200L);
        newest.put(Topic.PLANS, 1_000L);
        newest.put(Topic.DECISIONS, 1_000L);
        newest.put(Topic.ACKS, 1_000L);
        newest.put(Topic.SEALS, LogReader.ALL);
        newest.put(Topic.REJECTS, 2_000L);
        return newest;
    }
}
