package io.sluice.bridge.daemon;

import java.util.function.IntConsumer;

/**
 * The places for connections at a service, over all its ports. One that comes when all are taken is
 * told so; it takes no place of those that are served, however long it then stays and however often
 * its client comes again, so that others get in as soon as one goes.
 */
final class Places {

    /** What a connection gets. */
    enum Place {
        SERVED,
        TOLD_TOO_MANY,
        /** Not heard: as many as are served are being told already. */
        NONE
    }

    private final int most;
    private final IntConsumer open;
    private int served;
    private int told;

    /**
     * @param most most connections that are served at once, and most that are told so
     * @param open told how many connections are open, whenever that changes
     */
    Places(int most, IntConsumer open) {
        this.most = most;
        this.open = open;
    }

    synchronized Place take() {
        Place place = served < most ? Place.SERVED : told < most ? Place.TOLD_TOO_MANY : Place.NONE;
        count(place, 1);
        return place;
    }

    /** To be called once for each place that was taken, when its connection has closed. */
    synchronized void free(Place place) {
        count(place, -1);
    }

    private void count(Place place, int change) {
        if (place == Place.SERVED) {
            served += change;
        } else if (place == Place.TOLD_TOO_MANY) {
            told += change;
        }
        open.accept(served + told);
    }
}
