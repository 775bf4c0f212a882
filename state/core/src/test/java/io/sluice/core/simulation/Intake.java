package io.sluice.core.simulation;

import io.sluice.core.control.CommandDesk;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The job's first stage: reads the topics side by side, fences, checks and routes. Keeps the
 * oracle's books of what it did, which are part of its state so that they go back with it.
 */
final class Intake {

    /** How many topics it reads. */
    static final int TOPICS = 4;

    private static final int HOLD_TIME = 600;

    private record Held(LogRecord.OfAttempt record, long until) {}

    private final World world;
    private final long[] positions;
    private final Map<String, RunSpec> declared;
    private final List<Held> held;
    private final List<OperatorCommand> commands;
    private final Recount recount;
    private RunSpec spec;
    private Attempt attempt;

    Intake(World world) {
        this(
                world,
                new long[TOPICS],
                new HashMap<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new Recount());
    }

    private Intake(
            World world,
            long[] positions,
            Map<String, RunSpec> declared,
            List<Held> held,
            List<OperatorCommand> commands,
            Recount recount) {
        this.world = world;
        this.positions = positions;
        this.declared = declared;
        this.held = held;
        this.commands = commands;
        this.recount = recount;
    }

    Intake copy() {
        Intake copy =
                new Intake(
                        world,
                        positions.clone(),
                        new HashMap<>(declared),
                        new ArrayList<>(held),
                        new ArrayList<>(commands),
                        recount.copy());
        copy.spec = spec;
        copy.attempt = attempt;
        return copy;
    }

    /**
     * Reads the next record of one topic; answers whether there was one.
     *
     * @param topic 0 runs, 1 telemetry, 2 answers, 3 commands
     * @param out takes (shard, event)
     */
    boolean read(int topic, long now, BiConsumer<Integer, Event> out) {
        expire(now);
        Topic<LogRecord> from = topic(topic);
        if (positions[topic] == from.end()) {
            return false;
        }
        long offset = positions[topic]++;
        LogRecord record = from.at(offset);
        if (record instanceof LogRecord.Declared declaration) {
            declared.put(declaration.spec().digest(), declaration.spec());
        } else if (record instanceof LogRecord.Started started) {
            start(started.attempt(), offset, now, out);
        } else if (record instanceof LogRecord.Commanded commanded) {
            command(commanded.command(), out);
        } else {
            recount.read(record);
            admit((LogRecord.OfAttempt) record, now + HOLD_TIME, out);
        }
        return true;
    }

    boolean hasReadAll() {
        return positions[0] == world.runs().end()
                && positions[1] == world.telemetry().end()
                && positions[2] == world.acks().end()
                && positions[3] == world.control().end();
    }

    Recount recount() {
        return recount;
    }

    /** Checks the books. */
    void check() {
        recount.balance(held.stream().map(Held::record).toList());
    }

    private void start(Attempt announced, long offset, long now, BiConsumer<Integer, Event> out) {
        attempt =
                new Attempt(
                        announced.runId(),
                        offset,
                        announced.specDigest(),
                        announced.resumeStep(),
                        announced.reporters(),
                        announced.inForce());
        int before = spec == null ? 0 : spec.shards();
        spec = declared.get(announced.specDigest());
        recount.started(spec, attempt);
        Event event = new Event.Started(spec, attempt, ShardRound.Counts.ZERO);
        for (int shard = 0; shard < Math.max(before, spec.shards()); shard++) {
            out.accept(shard, event);
        }
        List<Held> waiting = new ArrayList<>(held);
        held.clear();
        for (Held record : waiting) {
            admit(record.record(), record.until(), out);
        }
        List<OperatorCommand> early = new ArrayList<>(commands);
        commands.clear();
        early.forEach(command -> command(command, out));
    }

    /** What comes before the first attempt waits for it. */
    private void command(OperatorCommand command, BiConsumer<Integer, Event> out) {
        if (attempt == null) {
            commands.add(command);
            return;
        }
        try {
            new CommandDesk(spec).check(command);
        } catch (IllegalArgumentException e) {
            world.coverage().count(Reason.INVALID_COMMAND);
            return;
        }
        out.accept(0, new Event.Commanded(command));
    }

    private void admit(LogRecord.OfAttempt record, long until, BiConsumer<Integer, Event> out) {
        if (attempt == null || record.attempt() > attempt.number()) {
            held.add(new Held(record, until));
        } else if (record.attempt() < attempt.number()) {
            reject(record, Reason.FENCED);
        } else if (record instanceof LogRecord.Signalled signalled) {
            Signal signal = signalled.signal();
            Optional<Rejection> broken =
                    sameSpec(signal.specDigest())
                            .or(() -> SignalRules.check(signal, spec, attempt));
            if (broken.isPresent()) {
                reject(record, broken.get().reason());
            } else {
                route(signalled, out);
            }
        } else if (record instanceof LogRecord.Closed closed) {
            RoundClosed statement = closed.closed();
            Optional<Rejection> broken =
                    sameSpec(statement.specDigest())
                            .or(() -> SignalRules.check(statement, spec, attempt));
            if (broken.isPresent()) {
                reject(record, broken.get().reason());
            } else {
                recount.closed(closed);
                toAll(new Event.Closed(statement), out);
            }
        } else if (record instanceof LogRecord.Answered answered) {
            out.accept(0, new Event.Answered(answered.ack()));
        } else if (record instanceof LogRecord.Saved saved
                && saved.nextStep() >= attempt.resumeStep()) {
            out.accept(0, new Event.Saved(saved.attempt(), saved.nextStep()));
        }
    }

    private void route(LogRecord.Signalled signalled, BiConsumer<Integer, Event> out) {
        List<Recount.Fate> fates = recount.signalled(signalled);
        Signal signal = signalled.signal();
        if (signal.subject().isGroup()) {
            int shard = RoundReducer.shardOf(new GroupId(signal.subject().id()), spec.shards());
            out.accept(shard, new Event.Signalled(signal, fates.get(shard)));
        } else {
            for (int shard = 0; shard < spec.shards(); shard++) {
                out.accept(shard, new Event.Signalled(signal, fates.get(shard)));
            }
        }
    }

    private void expire(long now) {
        Iterator<Held> records = held.iterator();
        while (records.hasNext()) {
            Held record = records.next();
            if (record.until() <= now) {
                records.remove();
                reject(record.record(), Reason.UNKNOWN_RUN);
            }
        }
    }

    private void reject(LogRecord.OfAttempt record, Reason reason) {
        world.coverage().count(reason);
        world.trace()
                .note(() -> "intake rejects " + record.getClass().getSimpleName() + ": " + reason);
        recount.rejected(record, reason);
    }

    private Optional<Rejection> sameSpec(String digest) {
        return digest.equals(spec.digest())
                ? Optional.empty()
                : Optional.of(new Rejection(Reason.INVALID_SPEC, digest));
    }

    private void toAll(Event event, BiConsumer<Integer, Event> out) {
        for (int shard = 0; shard < spec.shards(); shard++) {
            out.accept(shard, event);
        }
    }

    private Topic<LogRecord> topic(int topic) {
        return switch (topic) {
            case 0 -> world.runs();
            case 1 -> world.telemetry();
            case 2 -> world.acks();
            default -> world.control();
        };
    }
}
