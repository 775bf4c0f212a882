package io.sluice.state.flink;

import io.sluice.core.candidate.dedup.DedupStore;
import io.sluice.core.candidate.dedup.Survivor;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.api.common.state.MapState;

/** Remembered documents in Flink's keyed state, for the catalog that is being processed. */
public final class KeyedDedupStore implements DedupStore {

    private final MapState<Long, Survivor> survivors;
    private final MapState<Long, Long> references;

    public KeyedDedupStore(MapState<Long, Survivor> survivors, MapState<Long, Long> references) {
        this.survivors = survivors;
        this.references = references;
    }

    @Override
    public Optional<Survivor> survivor(long reference) {
        return StateAccess.of(() -> Optional.ofNullable(survivors.get(reference)));
    }

    @Override
    public void put(long reference, Survivor survivor) {
        StateAccess.of(
                () -> {
                    survivors.put(reference, survivor);
                    return null;
                });
    }

    @Override
    public OptionalLong reference(long key) {
        Long reference = StateAccess.of(() -> references.get(key));
        return reference == null ? OptionalLong.empty() : OptionalLong.of(reference);
    }

    @Override
    public void put(long key, long reference) {
        StateAccess.of(
                () -> {
                    references.put(key, reference);
                    return null;
                });
    }
}
