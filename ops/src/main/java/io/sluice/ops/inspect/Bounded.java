package io.sluice.ops.inspect;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets its eldest entry when it would hold more than it may. */
final class Bounded<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;

    private final int most;

    /**
     * @param most most entries, at least 1
     */
    Bounded(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
