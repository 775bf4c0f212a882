package io.sluice.core.simulation;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The oracle's own books of one job's intake: what must become of every signal, and of every round
 * of every shard. Counts by brute force over all that was read. Goes back with the job's state.
 */
final class Recount {

    /** What becomes of a signal at one shard. */
    enum Fate {
        ACCEPTED,
        DUPLICATE,
        LATE,
        TOO_EARLY
    }

    /** One shard's part in one or several rounds, as it must be. */
    static final class Part {
        private final long first;
        private final long through;
        private final Status status;
        private final Counts counts;
        private final List<Signal> signals;
        private final List<RoundClosed> statements;
        private ShardRound undisturbed;

        /**
         * @param signals the signals that count, in the order in which they are combined
         */
        private Part(
                long first,
                long through,
                Status status,
                Counts counts,
                List<Signal> signals,
                List<RoundClosed> statements) {
            this.first = first;
            this.through = through;
            this.status = status;
            this.counts = counts;
            this.signals = signals;
            this.statements = statements;
        }

        Status status() {
            return status;
        }

        long first() {
            return first;
        }

        Counts counts() {
            return counts;
        }

        List<Signal> signals() {
            return signals;
        }

        List<RoundClosed> statements() {
            return statements;
        }

        @Override
        public String toString() {
            return "rounds " + first + " to " + through + " " + status + " " + counts;
        }
    }

    private record Identity(Subject subject, String reporter, int part) {}

    /** The books of one shard over one attempt. */
    private static final class Books {
        private final TreeMap<Long, Map<Identity, Signal>> held = new TreeMap<>();
        private final TreeMap<Long, TreeMap<String, RoundClosed>> closed = new TreeMap<>();
        private final TreeMap<Long, Part> parts = new TreeMap<>();
        private final TreeMap<Long, Long> acceptedByRound = new TreeMap<>();
        private long next;
        private long accepted;
        private long duplicates;
        private long late;

        private Books copy() {
            Books copy = new Books();
            held.forEach((round, signals) -> copy.held.put(round, new HashMap<>(signals)));
            closed.forEach((round, all) -> copy.closed.put(round, new TreeMap<>(all)));
            copy.parts.putAll(parts);
            copy.acceptedByRound.putAll(acceptedByRound);
            copy.next = next;
            copy.accepted = accepted;
            copy.duplicates = duplicates;
            copy.late = late;
            return copy;
        }

        /** Totals through a round: what is here of later ones does not count yet. */
        private Counts countsThrough(long round) {
            long later = held.tailMap(round, false).values().stream().mapToLong(Map::size).sum();
            return new Counts(accepted - later, duplicates, late);
        }

        private Counts total() {
            return new Counts(accepted, duplicates, late);
        }
    }

    /**
     * What was read of one attempt.
     *
     * @param shardOf the shard of each group; targets go to all
     */
    private record Started(
            RunSpec spec,
            Attempt attempt,
            List<Books> shards,
            List<Subject> groups,
            List<Subject> targets,
            Map<Subject, Integer> shardOf) {

        private static Started of(RunSpec spec, Attempt attempt, List<Books> shards) {
            Map<Subject, Integer> shardOf = new HashMap<>();
            List<Subject> groups = new ArrayList<>();
            for (GroupId group : spec.groupIds()) {
                groups.add(Subject.of(group));
                shardOf.put(Subject.of(group), RoundReducer.shardOf(group, spec.shards()));
            }
            List<Subject> targets =
                    spec.targets().stream().map(target -> Subject.of(target.id())).toList();
            return new Started(spec, attempt, shards, groups, targets, shardOf);
        }

        private Started copy() {
            List<Books> copies = shards.stream().map(Books::copy).toList();
            return new Started(spec, attempt, copies, groups, targets, shardOf);
        }

        private boolean isOf(Subject subject, int shard) {
            return shardOf.getOrDefault(subject, shard) == shard;
        }

        private Subject subject(SubjectOutcome outcome) {
            return (outcome.kind() == Subject.Kind.GROUP ? groups : targets).get(outcome.index());
        }
    }

    private final TreeMap<Long, Started> byAttempt = new TreeMap<>();
    private Attempt attempt;
    private long read;
    private long admitted;
    private long rejected;

    Recount copy() {
        Recount copy = new Recount();
        copy.byAttempt.putAll(byAttempt);
        if (attempt != null) {
            // Books of earlier attempts do not change any more.
            copy.byAttempt.put(attempt.number(), started(attempt.number()).copy());
        }
        copy.attempt = attempt;
        copy.read = read;
        copy.admitted = admitted;
        copy.rejected = rejected;
        return copy;
    }

    /** Intake read a record of telemetry or an answer. */
    void read(LogRecord record) {
        read += isTelemetry(record) ? 1 : 0;
    }

    /** Intake rejected a record. */
    void rejected(LogRecord.OfAttempt record, Reason reason) {
        boolean bad = record instanceof LogRecord.Signalled signalled && signalled.bad();
        boolean fenced = attempt != null && record.attempt() < attempt.number();
        boolean unknown = attempt == null || record.attempt() > attempt.number();
        Violation.unless(
                reason == Reason.FENCED ? fenced : reason == Reason.UNKNOWN_RUN ? unknown : bad,
                Invariant.BOOKS,
                () -> "rejected as " + reason + ": " + record);
        rejected += isTelemetry(record) ? 1 : 0;
    }

    /** Every record that was read went one way. */
    void balance(List<LogRecord.OfAttempt> held) {
        long waiting = held.stream().filter(Recount::isTelemetry).count();
        Violation.unless(
                read == admitted + rejected + waiting,
                Invariant.BOOKS,
                () ->
                        read
                                + " read, "
                                + admitted
                                + " admitted, "
                                + rejected
                                + " rejected, "
                                + waiting);
    }

    void started(RunSpec spec, Attempt started) {
        Violation.unless(
                attempt == null || started.number() > attempt.number(),
                Invariant.BOOKS,
                () -> "attempt " + started.number() + " started after a later one");
        attempt = started;
        List<Books> books = new ArrayList<>();
        for (int shard = 0; shard < spec.shards(); shard++) {
            Books shardBooks = new Books();
            shardBooks.next = started.resumeStep() / spec.rounds().steps();
            books.add(shardBooks);
        }
        byAttempt.put(started.number(), Started.of(spec, started, books));
    }

    /** Intake admitted a signal: what must become of it at each shard. */
    List<Fate> signalled(LogRecord.Signalled record) {
        Violation.unless(!record.bad(), Invariant.BOOKS, () -> "admitted a bad signal: " + record);
        admitted++;
        Started now = started(attempt.number());
        List<Fate> fates = new ArrayList<>();
        for (int shard = 0; shard < current().size(); shard++) {
            fates.add(
                    now.isOf(record.signal().subject(), shard)
                            ? take(record.signal(), shard)
                            : null);
        }
        return fates;
    }

    /** Intake admitted a statement. */
    void closed(LogRecord.Closed record) {
        admitted++;
        for (int shard = 0; shard < current().size(); shard++) {
            close(record.closed(), shard);
        }
    }

    /** Compares what became of a signal. */
    void check(int shard, Event.Signalled event, Fate fate) {
        Violation.unless(
                fate == event.expected(),
                Invariant.BOOKS,
                () ->
                        "shard "
                                + shard
                                + " took as "
                                + fate
                                + " and not as "
                                + event.expected()
                                + ": "
                                + event);
    }

    /** Compares a shard's result, to the last bit. */
    void check(int shard, ShardRound round) {
        Part part = started(round.attempt()).shards.get(shard).parts.get(round.firstRound());
        Violation.unless(
                part != null && part.through == round.round() && part.status == round.status(),
                Invariant.BOOKS,
                () -> "shard " + shard + " ends rounds " + round + ", expected " + part);
        Violation.unless(
                part.counts.equals(round.counts()),
                Invariant.BOOKS,
                () ->
                        "round "
                                + round.round()
                                + " counts "
                                + round.counts()
                                + ", not "
                                + part.counts);
        ShardRound expected = undisturbed(round.attempt(), shard, part);
        Violation.unless(
                Exact.equal(round, expected),
                Invariant.ORDER,
                () ->
                        "shard "
                                + shard
                                + " made\n"
                                + Exact.text(round)
                                + "\nand undisturbed\n"
                                + Exact.text(expected));
    }

    void checkTotals(int shard, Counts counts) {
        Books books = current().get(shard);
        Counts expected = books.total();
        Violation.unless(
                counts.equals(expected),
                Invariant.BOOKS,
                () -> "shard " + shard + " counts " + counts + ", the log " + expected);
    }

    /** Totals of the attempts before one, of all shards that they had. */
    Counts before(long number) {
        return total(number, Integer.MAX_VALUE);
    }

    /**
     * The totals that a decision under an attempt may tell of the attempts before it: all shards
     * that it has told theirs before, and those that it has no more may tell them later.
     */
    void checkTotal(long number, Counts counts, Counts total) {
        Counts most = before(number).plus(counts);
        Counts least = total(number, started(number).shards.size()).plus(counts);
        Violation.unless(
                least.accepted() <= total.accepted()
                        && total.accepted() <= most.accepted()
                        && least.duplicates() <= total.duplicates()
                        && total.duplicates() <= most.duplicates()
                        && least.late() <= total.late()
                        && total.late() <= most.late(),
                Invariant.BOOKS,
                () -> "the run counts " + total + ", and the log " + least + " to " + most);
    }

    private Counts total(long number, int shards) {
        Counts total = Counts.ZERO;
        for (Started earlier : byAttempt.headMap(number).values()) {
            for (Books books : earlier.shards.subList(0, Math.min(shards, earlier.shards.size()))) {
                total = total.plus(books.total());
            }
        }
        return total;
    }

    /** Signals of decided rounds that were accepted in an attempt, by all of its shards. */
    long accepted(long number, long firstRound, long throughRound) {
        long accepted = 0;
        for (Books books : started(number).shards) {
            accepted +=
                    books
                            .acceptedByRound
                            .subMap(firstRound, true, throughRound, true)
                            .values()
                            .stream()
                            .mapToLong(signals -> signals)
                            .sum();
        }
        return accepted;
    }

    /** The part of a shard that covers a round. */
    Part part(long number, int shard, long round) {
        Part part = started(number).shards.get(shard).parts.floorEntry(round).getValue();
        Violation.unless(
                part.first <= round && round <= part.through,
                Invariant.BOOKS,
                () -> "shard " + shard + " cannot have ended round " + round);
        return part;
    }

    /** What a reducer makes of a part that gets it in order, once, and without a break. */
    ShardRound undisturbed(long number, int shard, Part part) {
        if (part.undisturbed == null) {
            Started started = started(number);
            part.undisturbed =
                    part.status == Status.INCOMPLETE
                            ? givenUp(started.spec, number, shard, part)
                            : Undisturbed.round(started.spec, started.attempt, shard, part);
        }
        return part.undisturbed;
    }

    private static ShardRound givenUp(RunSpec spec, long number, int shard, Part part) {
        return new ShardRound(
                spec.runId(),
                spec.digest(),
                number,
                part.first,
                part.through,
                shard,
                spec.rounds().lastStep(part.through),
                Status.INCOMPLETE,
                List.of(),
                List.of(),
                List.of(),
                0,
                part.counts);
    }

    int shards() {
        return attempt == null ? 0 : current().size();
    }

    private Fate take(Signal signal, int shard) {
        Books books = current().get(shard);
        if (signal.round() < books.next) {
            books.late++;
            return Fate.LATE;
        }
        if (signal.round() > books.next + RoundReducer.WINDOW) {
            return Fate.TOO_EARLY;
        }
        Identity identity = new Identity(signal.subject(), signal.reporter(), signal.part());
        if (books.held
                        .computeIfAbsent(signal.round(), r -> new HashMap<>())
                        .putIfAbsent(identity, signal)
                != null) {
            books.duplicates++;
            return Fate.DUPLICATE;
        }
        books.accepted++;
        books.acceptedByRound.merge(signal.round(), 1L, Long::sum);
        fold(books, shard);
        return Fate.ACCEPTED;
    }

    private void close(RoundClosed closed, int shard) {
        Books books = current().get(shard);
        if (closed.round() < books.next) {
            return;
        }
        long last = closed.round() - RoundReducer.WINDOW;
        long held = books.next + RoundReducer.WINDOW;
        while (books.next <= last) {
            long through = books.next <= held ? books.next : last;
            if (!endPartly(books, shard)) {
                end(books, through, Status.INCOMPLETE, List.of(), List.of());
            }
        }
        books.closed
                .computeIfAbsent(closed.round(), r -> new TreeMap<>())
                .putIfAbsent(closed.reporter(), closed);
        fold(books, shard);
    }

    private void fold(Books books, int shard) {
        List<Signal> whole = whole(books, shard);
        while (whole != null) {
            end(
                    books,
                    books.next,
                    Status.COMPLETE,
                    whole,
                    List.copyOf(books.closed.get(books.next).values()));
            whole = whole(books, shard);
        }
    }

    /** Ends the next round with the reporters whose part is whole, if the run says they do. */
    private boolean endPartly(Books books, int shard) {
        double share = started(attempt.number()).spec.rounds().leastReporters();
        Map<String, RoundClosed> statements = new TreeMap<>();
        for (RoundClosed statement :
                books.closed.getOrDefault(books.next, new TreeMap<>()).values()) {
            if (signals(books, shard, Map.of(statement.reporter(), statement)) != null) {
                statements.put(statement.reporter(), statement);
            }
        }
        if (share == 1 || statements.size() / (double) attempt.reporters().size() < share) {
            return false;
        }
        end(
                books,
                books.next,
                statements.size() == attempt.reporters().size() ? Status.COMPLETE : Status.PARTIAL,
                signals(books, shard, statements),
                List.copyOf(statements.values()));
        return true;
    }

    /** The acknowledged signals of the next round; null while it is not whole. */
    private List<Signal> whole(Books books, int shard) {
        Map<String, RoundClosed> statements =
                books.closed.getOrDefault(books.next, new TreeMap<>());
        return statements.keySet().containsAll(attempt.reporters())
                ? signals(books, shard, statements)
                : null;
    }

    /** The signals that these statements acknowledge; null when one is not here. */
    private List<Signal> signals(Books books, int shard, Map<String, RoundClosed> statements) {
        Started now = started(attempt.number());
        Map<Identity, Signal> held = books.held.getOrDefault(books.next, Map.of());
        List<Signal> whole = new ArrayList<>();
        for (RoundClosed statement : statements.values()) {
            for (SubjectOutcome outcome : statement.outcomes()) {
                Subject subject = now.subject(outcome);
                if (outcome.outcome() == Outcome.ACKNOWLEDGED && now.isOf(subject, shard)) {
                    Signal signal =
                            held.get(new Identity(subject, statement.reporter(), outcome.part()));
                    if (signal == null) {
                        return null;
                    }
                    whole.add(signal);
                }
            }
        }
        whole.sort(
                Comparator.comparing(Signal::subject)
                        .thenComparing(Signal::reporter)
                        .thenComparing(Signal::part));
        return whole;
    }

    private static void end(
            Books books,
            long through,
            Status status,
            List<Signal> signals,
            List<RoundClosed> statements) {
        Part part =
                new Part(
                        books.next,
                        through,
                        status,
                        books.countsThrough(through),
                        signals,
                        statements);
        books.parts.put(books.next, part);
        books.held.headMap(through, true).clear();
        books.closed.headMap(through, true).clear();
        books.next = through + 1;
    }

    private Started started(long number) {
        return byAttempt.get(number);
    }

    private List<Books> current() {
        return started(attempt.number()).shards;
    }

    private static boolean isTelemetry(LogRecord record) {
        return record instanceof LogRecord.Signalled || record instanceof LogRecord.Closed;
    }
}
