package io.sluice.bridge.pool;

import io.sluice.core.pool.DrawOrder;
import io.sluice.core.pool.Stretch;
import io.sluice.core.pool.TopicPositions;
import io.sluice.schemas.AdmittedDocument;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;

/** What is written to a pool's folder at once; it can be read before that. */
final class PoolBatch implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final WriteBatchWithIndex batch = new WriteBatchWithIndex(true);

    /** A document with its number, and the sum of the weights with it. */
    void add(AdmittedDocument document, byte[] value, long number, double weight) {
        String group = document.getGroup();
        byte[] numbered = PoolKeys.number(number);
        put(PoolKeys.number(PoolKeys.DOCUMENT, group, number), value);
        put(
                PoolKeys.number(PoolKeys.WEIGHT, group, number),
                ByteBuffer.allocate(Double.BYTES).putDouble(weight).array());
        put(
                PoolKeys.id(document.getId()),
                PoolKeys.join(PoolKeys.text(group), new byte[1], numbered));
        put(PoolKeys.join(PoolKeys.source(group, document.getSource()), numbered), NOTHING);
    }

    /** A document goes; its identifier stays known, so that it does not come again. */
    void remove(AdmittedDocument document, long number) {
        String group = document.getGroup();
        delete(PoolKeys.number(PoolKeys.DOCUMENT, group, number));
        delete(
                PoolKeys.join(
                        PoolKeys.source(group, document.getSource()), PoolKeys.number(number)));
    }

    /** Forgets the identifier of a document that was evicted. */
    void forget(String id) {
        delete(PoolKeys.id(id));
    }

    /** Forgets a sum of weights that no window begins behind any more. */
    void forgetWeight(String group, long number) {
        delete(PoolKeys.number(PoolKeys.WEIGHT, group, number));
    }

    void stock(String group, GroupStock stock) {
        put(PoolKeys.group(PoolKeys.STOCK, group), PoolValues.of(stock));
    }

    /** What was decided since it was stored last. */
    void order(String group, DrawOrder order, long released) {
        for (Stretch stretch : order.unsaved()) {
            put(PoolKeys.number(PoolKeys.STRETCH, group, stretch.from()), PoolValues.of(stretch));
        }
        put(
                PoolKeys.group(PoolKeys.DECIDED, group),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(order.decided())
                        .putLong(released)
                        .array());
    }

    void forget(String group, List<Stretch> stretches) {
        for (Stretch stretch : stretches) {
            delete(PoolKeys.number(PoolKeys.STRETCH, group, stretch.from()));
        }
    }

    /** The positions, where they differ from those that stand there. */
    void positions(TopicPositions before, TopicPositions now) {
        now.read()
                .forEach(
                        (partition, offset) ->
                                put(
                                        PoolKeys.join(PoolKeys.READ, PoolKeys.number(partition)),
                                        PoolKeys.number(offset)));
        Map<String, Map<Integer, Long>> old = before.behind();
        Map<String, Map<Integer, Long>> behind = now.behind();
        old.forEach(
                (group, places) ->
                        places.keySet().stream()
                                .filter(p -> !behind.getOrDefault(group, Map.of()).containsKey(p))
                                .forEach(p -> delete(PoolKeys.number(PoolKeys.BEHIND, group, p))));
        behind.forEach(
                (group, places) -> {
                    if (!places.equals(old.get(group))) {
                        places.forEach(
                                (p, offset) ->
                                        put(
                                                PoolKeys.number(PoolKeys.BEHIND, group, p),
                                                PoolKeys.number(offset)));
                    }
                });
    }

    void put(byte[] key, byte[] value) {
        try {
            batch.put(key, value);
        } catch (RocksDBException e) {
            throw new IllegalStateException("a batch in memory takes no entry", e);
        }
    }

    private void delete(byte[] key) {
        try {
            batch.delete(key);
        } catch (RocksDBException e) {
            throw new IllegalStateException("a batch in memory takes no entry", e);
        }
    }

    /** What was put here so far. */
    WriteBatchWithIndex entries() {
        return batch;
    }

    @Override
    public void close() {
        batch.close();
    }
}
