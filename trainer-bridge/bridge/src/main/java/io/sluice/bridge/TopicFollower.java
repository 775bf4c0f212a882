package io.sluice.bridge;

import io.sluice.bridge.LogReader.LogRecord;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Follows a topic's records of one run. No error ends it: it reopens the log where it stood, after
 * a wait.
 */
final class TopicFollower {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Surroundings around;
    private final Topic topic;
    private final Faults.Place place;
    private final CountDownLatch end;
    private final BackOff backOff;

    /**
     * @param place where failures to read are counted
     * @param end ends the following when it is counted down
     */
    TopicFollower(Surroundings around, Topic topic, Faults.Place place, CountDownLatch end) {
        this.around = around;
        this.topic = topic;
        this.place = place;
        this.end = end;
        this.backOff = new BackOff(end);
    }

    /** Hands on the run's records from these positions until the end. */
    void follow(Map<Integer, Long> from, Consumer<LogRecord> taker) throws InterruptedException {
        Map<Integer, Long> positions = new HashMap<>(from);
        do {
            try (LogReader reader = around.log().read(around.name(topic), positions)) {
                while (end.getCount() > 0) {
                    for (LogRecord record : reader.poll(POLL)) {
                        // Moved on first: a record that cannot be handled is not met again.
                        positions.put(record.partition(), record.offset() + 1);
                        if (record.key().equals(around.spec().runId())) {
                            taker.accept(record);
                        }
                    }
                    around.faults().worked(place);
                    backOff.reset();
                }
            } catch (Exception | Error e) {
                if (end.getCount() > 0) {
                    around.faults().report(place, e);
                }
            }
        } while (backOff.pause());
    }
}
