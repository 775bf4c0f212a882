package io.sluice.bridge.daemon;

/** One connection of a client, as the daemon knows it: the session that it named last, if any. */
final class Connection {

    private final boolean surplus;
    private volatile Session session;

    /**
     * @param surplus whether there were too many already when it came
     */
    Connection(boolean surplus) {
        this.surplus = surplus;
    }

    /** Whether there were too many already when it came. */
    boolean isSurplus() {
        return surplus;
    }

    /** Whether it belongs to a session that is not over. */
    boolean hasSession() {
        Session named = session;
        return named != null && !named.isOver();
    }

    /** The session that it named last; null when none. To be called under the sessions' lock. */
    Session session() {
        return session;
    }

    /** Belongs to a session from now on. To be called under the sessions' lock. */
    void session(Session named) {
        session = named;
    }
}
