package io.sluice.ops.processes;

import io.sluice.ops.UserException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Starts processes again that have ended, each after a pause, and gives up when one ends again and
 * again. For one thread, which looks every now and then.
 */
public final class Keeper {

    /** How long a process stays away that has ended. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    /** So many ends of one process within {@link #WITHIN} are too many. */
    static final int MOST_ENDS = 5;

    static final Duration WITHIN = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Consumer<String> messages;
    private final Map<String, Instant> away = new HashMap<>();
    private final Map<String, Deque<Instant>> ends = new HashMap<>();

    /**
     * @param clock tells when a process ended
     * @param messages takes what a person must know, a line each
     */
    public Keeper(InstantSource clock, Consumer<String> messages) {
        this.clock = clock;
        this.messages = messages;
    }

    /**
     * Looks after processes, in the order in which they need each other.
     *
     * @throws UserException when one ends again and again
     */
    public void look(List<Kept> processes) throws Exception {
        for (Kept process : processes) {
            Instant since = away.get(process.name());
            if (since == null) {
                lookAfter(process);
            } else if (!clock.instant().isBefore(since.plus(PAUSE))) {
                startAgain(process);
            }
        }
    }

    private void lookAfter(Kept process) {
        try {
            process.requireAlive();
        } catch (UserException e) {
            ended(process, e);
        }
    }

    private void startAgain(Kept process) throws Exception {
        away.remove(process.name());
        try {
            process.startAgain();
            messages.accept(process.name() + " runs again");
        } catch (UserException e) {
            ended(process, e);
        }
    }

    private void ended(Kept process, UserException end) {
        Instant now = clock.instant();
        Deque<Instant> times = ends.computeIfAbsent(process.name(), name -> new ArrayDeque<>());
        times.addLast(now);
        while (!times.peekFirst().plus(WITHIN).isAfter(now)) {
            times.removeFirst();
        }
        if (times.size() >= MOST_ENDS) {
            throw new UserException(
                    String.format(
                            "%s ended %d times within %d s and is not started again: %s",
                            process.name(), MOST_ENDS, WITHIN.toSeconds(), end.getMessage()),
                    end);
        }
        away.put(process.name(), now);
        messages.accept(end.getMessage() + "; it starts again in " + PAUSE.toSeconds() + " s");
    }
}
