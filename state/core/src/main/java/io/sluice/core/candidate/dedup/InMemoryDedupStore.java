package io.sluice.core.candidate.dedup;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Remembers documents on the heap and forgets none. */
public final class InMemoryDedupStore implements DedupStore {

    private final Map<Long, Survivor> survivors = new HashMap<>();
    private final Map<Long, Long> references = new HashMap<>();

    @Override
    public Optional<Survivor> survivor(long reference) {
        return Optional.ofNullable(survivors.get(reference));
    }

    @Override
    public void put(long reference, Survivor survivor) {
        survivors.put(reference, survivor);
    }

    @Override
    public OptionalLong reference(long key) {
        Long reference = references.get(key);
        return reference == null ? OptionalLong.empty() : OptionalLong.of(reference);
    }

    @Override
    public void put(long key, long reference) {
        references.put(key, reference);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof InMemoryDedupStore other
                && survivors.equals(other.survivors)
                && references.equals(other.references);
    }

    @Override
    public int hashCode() {
        return survivors.hashCode();
    }
}
