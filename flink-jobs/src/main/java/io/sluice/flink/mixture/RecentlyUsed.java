package io.sluice.flink.mixture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Keeps what was derived from state for the keys used last, so that it is not derived anew for
 * every record. Never the truth, unless its owner saves what is dropped: whoever asks puts in what
 * is missing or outdated.
 */
public final class RecentlyUsed<K, V> {

    private final Map<K, V> values;

    /**
     * @param capacity number of keys to keep
     */
    public RecentlyUsed(int capacity) {
        this(capacity, (key, value) -> {});
    }

    /**
     * @param capacity number of keys to keep
     * @param dropped is told what is dropped because too many others were used since
     */
    public RecentlyUsed(int capacity, BiConsumer<K, V> dropped) {
        this.values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        boolean full = size() > capacity;
                        if (full) {
                            dropped.accept(eldest.getKey(), eldest.getValue());
                        }
                        return full;
                    }
                };
    }

    /** What is kept for a key, or null. */
    public V get(K key) {
        return values.get(key);
    }

    /** Shows all that is kept. */
    public void forEach(BiConsumer<K, V> visitor) {
        values.forEach(visitor);
    }

    /** Forgets a key; answers what was kept for it, or null. */
    public V remove(K key) {
        return values.remove(key);
    }

    /** Keeps a value for a key and returns it. */
    public V put(K key, V value) {
        values.put(key, value);
        return value;
    }
}
