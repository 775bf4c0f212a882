package io.sluice.core.simulation;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** The last events of a simulation, for people. Costs nothing while it is off. */
final class Trace {

    private static final int KEPT = 80;

    private final boolean on;
    private final ArrayDeque<String> events = new ArrayDeque<>();
    private long count;

    Trace(boolean on) {
        this.on = on;
    }

    void note(Supplier<String> event) {
        if (!on) {
            return;
        }
        if (events.size() == KEPT) {
            events.removeFirst();
        }
        events.add(count++ + " " + event.get());
    }

    @Override
    public String toString() {
        return String.join("\n", events);
    }
}
