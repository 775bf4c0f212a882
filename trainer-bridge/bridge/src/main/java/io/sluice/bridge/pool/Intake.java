package io.sluice.bridge.pool;

import io.sluice.core.domain.Ids;
import io.sluice.core.pool.TopicPositions;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.DocumentsRemoved;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * Works out what becomes of some records of the topic, on copies: they count once what it has put
 * into a batch is stored. For one thread.
 */
final class Intake {

    /** What a document costs beside its record. */
    private static final int OVERHEAD_BYTES = 256;

    private static final int MOST_ID_BYTES = 1_024;
    private static final double MOST_WEIGHT = 1e6;

    private final PoolOptions options;
    private final Contract contract;
    private final PoolStore store;
    private final PoolBatch batch;
    private final TopicPositions positions;
    private final Map<String, GroupStock> stocks;
    private final Map<String, Long> needed;
    private final Map<String, GroupStock> changed = new TreeMap<>();
    private long bytes;
    private long refused;
    private long duplicates;

    /**
     * @param batch takes the changes
     * @param stocks all groups; changed here
     * @param needed by group, the first document that must not be evicted
     */
    Intake(
            PoolOptions options,
            Contract contract,
            PoolStore store,
            PoolBatch batch,
            TopicPositions positions,
            Map<String, GroupStock> stocks,
            Map<String, Long> needed) {
        this.options = options;
        this.contract = contract;
        this.store = store;
        this.batch = batch;
        this.positions = positions;
        this.stocks = stocks;
        this.needed = needed;
        this.bytes = stocks.values().stream().mapToLong(GroupStock::bytes).sum();
    }

    /** Takes a record, as far as it is one of the catalog's. */
    void take(PoolRecord record) {
        try {
            SpecificRecord value = contract.decode(record.value());
            if (value instanceof AdmittedDocument) {
                admit((AdmittedDocument) value, record);
            } else if (value instanceof DocumentsRemoved) {
                remove((DocumentsRemoved) value);
            } else {
                refused++;
            }
        } catch (ContractException e) {
            refused++;
        }
        positions.passed(record.partition(), record.offset());
    }

    /** Adds the changed groups and the positions. */
    void finish(TopicPositions before) {
        changed.forEach(batch::stock);
        batch.positions(before, positions);
    }

    TopicPositions positions() {
        return positions;
    }

    /** Groups that hold something else now. */
    Map<String, GroupStock> changed() {
        return changed;
    }

    /** Records that were no documents of the contract, or had fields out of range. */
    long refused() {
        return refused;
    }

    /** Documents that were there already. */
    long duplicates() {
        return duplicates;
    }

    private void admit(AdmittedDocument document, PoolRecord record) {
        String group = document.getGroup();
        if (!document.getCatalog().equals(options.catalog())) {
            return;
        }
        if (!isSound(document)) {
            refused++;
            return;
        }
        if (!positions.wants(group, record.partition(), record.offset())) {
            return;
        }
        if (store.find(document.getId(), batch).isPresent()) {
            duplicates++;
            return;
        }
        long size = size(record.value());
        if (!hasRoom(group, size)) {
            positions.fellBehind(group, record.partition(), record.offset());
            return;
        }
        GroupStock before = stock(group);
        GroupStock after = before.with(size, document.getWeight());
        batch.add(document, record.value(), before.end(), after.weight());
        bytes += size;
        set(group, after);
    }

    private boolean isSound(AdmittedDocument document) {
        String id = document.getId();
        double weight = document.getWeight();
        return Ids.isValid(document.getGroup())
                && (stocks.containsKey(document.getGroup())
                        || stocks.size() < DocumentPool.MOST_GROUPS)
                && !id.isEmpty()
                && id.length() <= MOST_ID_BYTES
                && weight > 0
                && weight <= MOST_WEIGHT
                && document.getTokens() >= 0
                && (document.getText().hasRemaining() || !document.getUri().isEmpty());
    }

    private boolean hasRoom(String group, long size) {
        while (stock(group).bytes() + size > options.groupBytes()) {
            if (!isEvictable(group)) {
                return false;
            }
            evict(group);
        }
        while (bytes + size > options.bytes()) {
            Optional<String> other = stocks.keySet().stream().filter(this::isEvictable).findFirst();
            if (other.isEmpty()) {
                return false;
            }
            evict(other.get());
        }
        return true;
    }

    private boolean isEvictable(String group) {
        return stock(group).first() < needed.getOrDefault(group, 0L);
    }

    /** Evicts the oldest document of a group. */
    private void evict(String group) {
        GroupStock stock = stock(group);
        long number = stock.first();
        Optional<byte[]> value = store.document(group, number, batch);
        value.ifPresent(
                found -> {
                    AdmittedDocument document = (AdmittedDocument) contract.decode(found);
                    batch.remove(document, number);
                    batch.forget(document.getId());
                });
        if (number > 0) {
            batch.forgetWeight(group, number - 1);
        }
        long size = value.map(Intake::size).orElse(0L);
        bytes -= size;
        set(group, stock.evicted(number + 1, value.isPresent() ? 1 : 0, size));
    }

    private void remove(DocumentsRemoved removal) {
        if (!removal.getCatalog().equals(options.catalog())) {
            return;
        }
        if (!removal.getDocumentId().isEmpty()) {
            store.find(removal.getDocumentId(), batch)
                    .ifPresent(place -> remove(place.group(), place.number()));
        } else if (!removal.getSource().isEmpty()) {
            store.of(removal.getGroup(), removal.getSource(), batch)
                    .forEach(number -> remove(removal.getGroup(), number));
        }
    }

    private void remove(String group, long number) {
        store.document(group, number, batch)
                .ifPresent(
                        value -> {
                            batch.remove((AdmittedDocument) contract.decode(value), number);
                            bytes -= size(value);
                            set(group, stock(group).without(size(value)));
                        });
    }

    private static long size(byte[] value) {
        return value.length + OVERHEAD_BYTES;
    }

    private GroupStock stock(String group) {
        return stocks.getOrDefault(group, GroupStock.EMPTY);
    }

    private void set(String group, GroupStock stock) {
        stocks.put(group, stock);
        changed.put(group, stock);
    }
}
