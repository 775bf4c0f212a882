package io.sluice.flink.candidate;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.schemas.Contract;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.TimeoutException;

/** A topic of one partition on the heap, whose broker may be away. */
public final class TestingTopicLog implements TopicLog {

    private static final long serialVersionUID = 1;

    private final transient List<RawRecord> records = new CopyOnWriteArrayList<>();
    private final transient Contract contract = new Contract();
    private boolean away;

    /** Writes a record of the contract. */
    public void add(String key, SpecificRecord value) {
        add(key, contract.encode(value));
    }

    /** Writes whatever bytes. */
    public void add(String key, byte[] value) {
        records.add(new RawRecord("topic", 0, records.size(), key, value));
    }

    /** From now on the broker answers, or does not. */
    public void setAway(boolean value) {
        away = value;
    }

    @Override
    public Reader open() {
        return new Reader() {
            @Override
            public Map<Integer, Long> beginnings() {
                return Map.of(0, 0L);
            }

            @Override
            public Map<Integer, Long> ends() {
                if (away) {
                    throw new TimeoutException("the broker is away");
                }
                return Map.of(0, (long) records.size());
            }

            @Override
            public void read(
                    Map<Integer, Long> from, Map<Integer, Long> to, Consumer<RawRecord> reader) {
                records.subList(
                                from.getOrDefault(0, 0L).intValue(),
                                to.getOrDefault(0, 0L).intValue())
                        .forEach(reader);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
