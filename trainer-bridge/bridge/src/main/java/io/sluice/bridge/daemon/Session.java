package io.sluice.bridge.daemon;

import io.sluice.bridge.RelaySession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One trainer's attempt, with the connections over which it was started or named last. */
final class Session {

    private final String id;
    private final String client;
    private final RelaySession relay;
    private final OpenRound round;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /**
     * @param client says who the trainer is, for people
     */
    Session(String id, String client, RelaySession relay, OpenRound round) {
        this.id = id;
        this.client = client;
        this.relay = relay;
        this.round = round;
    }

    String id() {
        return id;
    }

    String client() {
        return client;
    }

    RelaySession relay() {
        return relay;
    }

    /** The signals of the round under way. */
    OpenRound round() {
        return round;
    }

    /** Its open connections. */
    Set<Connection> connections() {
        return connections;
    }

    /** Whether it was detached, or another trainer took the run. */
    boolean isOver() {
        return over;
    }

    /** Ends it: its attempt takes nothing any more. */
    void end() {
        over = true;
        relay.stop();
    }
}
