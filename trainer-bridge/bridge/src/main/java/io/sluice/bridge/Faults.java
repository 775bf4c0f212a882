package io.sluice.bridge;

import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong around a bridge: every fault is counted, the first of a series is logged, and so
 * is the end of the series.
 */
final class Faults {

    /** The closed list of places, also a metric label. */
    enum Place {
        /** Declaring the run and announcing the attempt. */
        DECLARE,
        /** Following the plans. */
        FEED,
        /** Records among the plans that are not plans. */
        PLANS,
        /** Answering plans. */
        ACKS,
        /** Sending seals. */
        SEALS,
        /** Sending signals. */
        TELEMETRY,
        /** The bridge's own store. */
        STORE,
        /** The listener that the caller gave. */
        LISTENER
    }

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final BridgeMetrics metrics;
    private final Set<Place> failing = EnumSet.noneOf(Place.class);

    Faults(BridgeMetrics metrics) {
        this.metrics = metrics;
    }

    /** Counts a fault. */
    void report(Place place, Throwable fault) {
        metrics.error(place);
        boolean first;
        synchronized (failing) {
            first = failing.add(place);
        }
        if (first) {
            LOG.warn(
                    "{}: {}; the trainer goes on, further errors here are only counted",
                    place,
                    fault.toString(),
                    fault);
        }
    }

    /** Notes that something worked. */
    void worked(Place place) {
        boolean ended;
        synchronized (failing) {
            ended = failing.remove(place);
        }
        if (ended) {
            LOG.info("{}: works again", place);
        }
    }
}
