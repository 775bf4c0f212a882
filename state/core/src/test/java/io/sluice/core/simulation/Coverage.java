package io.sluice.core.simulation;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What happened over many simulations, and how often: a fault that never strikes tests nothing. */
final class Coverage {

    private final Map<String, Long> counts = new TreeMap<>();

    void count(Enum<?> what) {
        count(what.getDeclaringClass().getSimpleName() + "." + what.name(), 1);
    }

    void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    long of(Enum<?> what) {
        return counts.getOrDefault(
                what.getDeclaringClass().getSimpleName() + "." + what.name(), 0L);
    }

    /** Those of {@code all} that never happened. */
    <E extends Enum<E>> Collection<E> missing(Collection<E> all) {
        return all.stream().filter(what -> of(what) == 0).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, times) -> text.append(what).append(' ').append(times).append('\n'));
        return text.toString();
    }
}
