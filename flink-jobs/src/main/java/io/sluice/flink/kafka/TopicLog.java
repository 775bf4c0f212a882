package io.sluice.flink.kafka;

import java.io.Serializable;
import java.util.Map;
import java.util.function.Consumer;

/** A topic that a stage reads by itself, beside what flows through it. */
public interface TopicLog extends Serializable {

    /** A reader, for one thread. */
    Reader open();

    /** Reads spans of the topic. Every method throws what Kafka's client throws. */
    interface Reader extends AutoCloseable {

        /** The offset of the first record of each partition that is still kept. */
        Map<Integer, Long> beginnings();

        /** The offset after the last record of each partition at present. */
        Map<Integer, Long> ends();

        /**
         * Hands on every record from {@code from}, inclusive, to {@code to}, exclusive; of each
         * partition in order. A partition that {@code from} lacks is read from its beginning.
         */
        void read(Map<Integer, Long> from, Map<Integer, Long> to, Consumer<RawRecord> records);

        @Override
        void close();
    }
}
