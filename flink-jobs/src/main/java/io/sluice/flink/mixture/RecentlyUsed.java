package io.sluice.flink.mixture;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps what was derived from state for the keys used last, so that it is not derived anew for
 * every record. Never the truth: whoever asks compares with the state and puts in what is missing
 * or outdated.
 */
public final class RecentlyUsed<K, V> {

    private final Map<K, V> values;

    /**
     * @param capacity number of keys to keep
     */
    public RecentlyUsed(int capacity) {
        this.values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /** What is kept for a key, or null. */
    public V get(K key) {
        return values.get(key);
    }

    /** Keeps a value for a key and returns it. */
    public V put(K key, V value) {
        values.put(key, value);
        return value;
    }
}
