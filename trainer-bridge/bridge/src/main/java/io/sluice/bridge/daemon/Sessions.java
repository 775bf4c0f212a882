package io.sluice.bridge.daemon;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.RelaySession;
import io.sluice.bridge.TrainerCheckpoint;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Which trainer has the run. A session lives as long as one of its connections; one that has none
 * any more may come back over a new one, until another trainer takes the run. Thread-safe.
 */
final class Sessions implements AutoCloseable {

    /** Most ended attempts that may still be sending what they had. */
    private static final int MOST_CLOSING = 4;

    private final Bridge bridge;
    private final Function<RelaySession, OpenRound> rounds;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger closing = new AtomicInteger();
    private final Closer closer = new Closer();
    private Optional<Session> current = Optional.empty();

    /**
     * @param rounds makes the place for a session's signals
     */
    Sessions(Bridge bridge, Function<RelaySession, OpenRound> rounds) {
        this.bridge = bridge;
        this.rounds = rounds;
    }

    /**
     * Starts an attempt.
     *
     * @param asker the connection that asks; a session that only it holds is its own, and ends
     * @param client says who the trainer is, for people
     * @throws Refusal when another trainer's session lives
     * @throws IllegalArgumentException when the checkpoint does not fit the run
     */
    synchronized Session begin(Connection asker, String client, TrainerCheckpoint checkpoint) {
        bridge.require(checkpoint);
        if (current.isPresent() && !Set.of(asker).containsAll(current.get().connections())) {
            throw new Refusal(
                    Refusal.Code.TRAINER_CONNECTED,
                    "another trainer has the run: " + current.get().client());
        }
        if (closing.get() >= MOST_CLOSING) {
            throw new Refusal(
                    Refusal.Code.TOO_MANY_REQUESTS,
                    closing + " earlier attempts are still sending what they had");
        }
        end();
        RelaySession relay = bridge.relay(checkpoint);
        byte[] id = new byte[16];
        random.nextBytes(id);
        Session session =
                new Session(HexFormat.of().formatHex(id), client, relay, rounds.apply(relay));
        current = Optional.of(session);
        bind(asker, session);
        return session;
    }

    /**
     * The session that a request names.
     *
     * @throws Refusal when it is over
     */
    synchronized Session named(String id, Connection by) {
        Session session =
                current.filter(candidate -> candidate.id().equals(id))
                        .orElseThrow(
                                () ->
                                        new Refusal(
                                                Refusal.Code.SESSION_ENDED,
                                                "the session is over: it was detached, or another"
                                                        + " trainer took the run"));
        bind(by, session);
        return session;
    }

    /** Ends the session that a request names. */
    synchronized void detach(String id, Connection by) {
        named(id, by);
        end();
    }

    /** Notes that a connection has closed. */
    synchronized void left(Connection connection) {
        unbind(connection);
    }

    /** The session under way, whether its trainer is connected or not. */
    synchronized Optional<Session> current() {
        return current;
    }

    /** Ends the session under way, and waits for all ended ones to send what they had. */
    @Override
    public void close() {
        synchronized (this) {
            end();
        }
        closer.close();
    }

    private void end() {
        current.ifPresent(
                session -> {
                    session.end();
                    closing.incrementAndGet();
                    closer.close(session.relay(), closing::decrementAndGet);
                });
        current = Optional.empty();
    }

    private static void bind(Connection connection, Session session) {
        if (connection.session() != session) {
            unbind(connection);
            connection.session(session);
            session.connections().add(connection);
        }
    }

    private static void unbind(Connection connection) {
        if (connection.session() != null) {
            connection.session().connections().remove(connection);
            connection.session(null);
        }
    }
}
