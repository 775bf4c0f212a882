package io.sluice.bridge;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
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
        /** Following the attempts of the run. */
        ATTEMPTS,
        /** Records among the plans that are not plans. */
        PLANS,
        /** Answering plans. */
        ACKS,
        /** Sending seals. */
        SEALS,
        /** Sending signals. */
        TELEMETRY,
        /** Following the trainer's steps. */
        STEPS,
        /** The bridge's own store. */
        STORE,
        /** Following the documents. */
        DOCUMENTS,
        /** Storing documents. */
        POOL,
        /** The listener that the caller gave. */
        LISTENER
    }

    /** Places that fail when the log does not answer, and are soon tried again. */
    private static final Set<Place> LOG_PLACES =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            Place.DECLARE,
                            Place.FEED,
                            Place.ATTEMPTS,
                            Place.SEALS,
                            Place.TELEMETRY));

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final BridgeMetrics metrics;
    private final Set<Place> failing = EnumSet.noneOf(Place.class);
    private final Map<Place, Long> counts = new EnumMap<>(Place.class);

    Faults(BridgeMetrics metrics) {
        this.metrics = metrics;
    }

    /** Counts a fault. */
    void report(Place place, Throwable fault) {
        metrics.error(place);
        boolean first;
        synchronized (failing) {
            first = failing.add(place);
            counts.merge(place, 1L, Long::sum);
        }
        if (first) {
            LOG.warn(
                    "{}: {}; the trainer goes on, further errors here are only counted",
                    place,
                    fault.toString(),
                    fault);
        }
    }

    /** Whether what was tried last at one of these places went wrong. */
    boolean failing(Set<Place> places) {
        synchronized (failing) {
            return failing.stream().anyMatch(places::contains);
        }
    }

    /** Whether the log answers, as far as was tried. */
    LogState logState() {
        return failing(LOG_PLACES) ? LogState.LOG_AWAY : LogState.CONNECTED;
    }

    /** How many faults there were, by place; places without any are missing. */
    Map<Place, Long> counts() {
        synchronized (failing) {
            return new EnumMap<>(counts);
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
