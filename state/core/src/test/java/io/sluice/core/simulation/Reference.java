package io.sluice.core.simulation;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.Overrides;
import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.Lineage;
import io.sluice.core.controller.SignalCounts;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the statistics of one job's run must be, by a memory without bounds: the rounds of the
 * surviving attempts, folded in order. Goes back with the job's state.
 */
final class Reference {

    private record Statistics(
            AlignmentAverages averages, PolicyMemory memory, GuardMemory guards, long lineage) {}

    private final Oracle oracle;
    private final TreeMap<Long, Statistics> before = new TreeMap<>();

    /** Rounds whose snapshots must be at hand, because they are recent. */
    private final TreeSet<Long> recent = new TreeSet<>();

    /** Rounds that saved checkpoints resume in, told of while they could be kept. */
    private final TreeSet<Long> saved = new TreeSet<>();

    private RunSpec spec;
    private Attempt attempt;
    private Basis basis;
    private long next;

    /** The first round that is not in the statistics; rounds up to the next one were skipped. */
    private long uncounted;

    private Statistics now;
    private Overrides overrides = Overrides.NONE;
    private CatalogNews catalog = CatalogNews.NONE;
    private List<String> unanswered = List.of();

    Reference(Oracle oracle) {
        this.oracle = oracle;
    }

    Reference copy() {
        Reference copy = new Reference(oracle);
        copy.before.putAll(before);
        copy.recent.addAll(recent);
        copy.saved.addAll(saved);
        copy.spec = spec;
        copy.attempt = attempt;
        copy.basis = basis;
        copy.next = next;
        copy.uncounted = uncounted;
        copy.now = now;
        copy.overrides = overrides;
        copy.catalog = catalog;
        copy.unanswered = unanswered;
        return copy;
    }

    /** The controller began an attempt: is what it goes on from what it must be? */
    void started(ControllerState state) {
        long round = state.attempt().resumeStep() / state.spec().rounds().steps();
        boolean known = spec != null && spec.digest().equals(state.spec().digest());
        Basis expected;
        if (!known) {
            expected = new Basis(Basis.Kind.NEW, round);
            before.clear();
            recent.clear();
            saved.clear();
            now = nothing(state.spec());
            overrides = overrides.under(state.spec(), state.attempt().inForce().mixture());
            catalog = spec == null ? catalog : catalog.under(spec, state.spec());
        } else if (round >= uncounted) {
            expected = new Basis(Basis.Kind.CONTINUED, uncounted);
        } else if (state.basis().kind() == Basis.Kind.RESET) {
            Violation.unless(
                    recent.floor(round) == null && !isKept(round),
                    Invariant.RESUME,
                    () -> "statistics before round " + round + " were lost");
            expected = new Basis(Basis.Kind.RESET, round);
            now = nothing(state.spec());
            overrides = overrides.memoryFrom(round);
        } else {
            Long from = before.floorKey(round);
            Violation.unless(
                    from != null,
                    Invariant.RESUME,
                    () -> "nothing was known before round " + round);
            expected = new Basis(Basis.Kind.RETURNED, from);
            now = ofThisPolicy(before.get(from), from);
            overrides = overrides.memoryFrom(from);
        }
        before.tailMap(round, false).clear();
        recent.tailSet(round, false).clear();
        saved.tailSet(round, false).clear();
        Violation.unless(
                state.basis().equals(expected),
                Invariant.RESUME,
                () ->
                        "attempt "
                                + state.attempt().number()
                                + " begins with "
                                + state.basis()
                                + ", not "
                                + expected);
        Violation.unless(
                state.inForce().equals(state.attempt().inForce()),
                Invariant.RESUME,
                () -> "the controller goes on from another plan than the checkpoint");
        spec = state.spec();
        attempt = state.attempt();
        basis = expected;
        next = round;
        uncounted = expected.round();
        unanswered = List.of();
        check(state);
    }

    /** The controller heard a command. */
    void commanded(OperatorCommand command) {
        if (!overrides.knows(command) && !overrides.isFull()) {
            overrides = overrides.offered(command);
        }
    }

    /** The controller heard an answer. */
    void answered(ControllerState before, ControllerState after) {
        if (!after.inForce().equals(before.inForce())) {
            overrides = overrides.refused(before.unanswered());
        }
        unanswered = after.unanswered();
    }

    /** Memory of another policy is none. */
    private Statistics ofThisPolicy(Statistics statistics, long round) {
        return round >= overrides.memorySince()
                ? statistics
                : new Statistics(
                        statistics.averages(),
                        PolicyMemory.EMPTY,
                        statistics.guards(),
                        statistics.lineage());
    }

    /** The controller heard of a saved checkpoint. */
    void saved(long nextStep) {
        long round = nextStep / spec.rounds().steps();
        if (round >= next || recent.floor(round) != null) {
            saved.add(round);
        }
    }

    /** The controller decided: would it have, undisturbed? */
    void decided(Decision decision, Recount recount) {
        Violation.unless(
                decision.attempt() == attempt.number() && decision.firstRound() == next,
                Invariant.REPLAY,
                () ->
                        "round "
                                + next
                                + " of attempt "
                                + attempt.number()
                                + " comes next, not "
                                + decision);
        List<ShardRound> parts = new ArrayList<>();
        for (int shard = 0; shard < spec.shards(); shard++) {
            Recount.Part part = recount.part(attempt.number(), shard, next);
            parts.add(recount.undisturbed(attempt.number(), shard, part));
            checkTokens(decision, shard, part);
        }
        long accepted = recount.accepted(attempt.number(), next, decision.round());
        recount.checkTotal(attempt.number(), decision.counts(), decision.total());
        Controller.Step step =
                Undisturbed.decide(
                        spec,
                        attempt,
                        oracle.plans().get(decision.baseDigest()),
                        unanswered,
                        next,
                        now.averages(),
                        now.memory(),
                        now.guards(),
                        basis,
                        parts,
                        overrides,
                        news(decision),
                        counts(decision, accepted),
                        decision.epoch());
        Decision expected = step.decisions().get(0);
        Violation.unless(
                Exact.equal(decision, expected),
                Invariant.REPLAY,
                () ->
                        "decided\n"
                                + Exact.text(decision)
                                + "\nand undisturbed\n"
                                + Exact.text(expected));
        before.put(uncounted, now);
        recent.add(uncounted);
        while (recent.size() > Lineage.RECENT) {
            recent.remove(recent.first());
        }
        next = decision.round() + 1;
        uncounted = next;
        ControllerState after = step.state();
        checkNews(catalog, after.catalog());
        catalog = after.catalog();
        now =
                new Statistics(
                        after.averages(), after.memory(), after.guards(), now.lineage() + accepted);
        overrides = after.overrides();
        unanswered = after.unanswered();
    }

    /** Counts from which those of the decision follow, if so many signals of it were accepted. */
    private SignalCounts counts(Decision decision, long accepted) {
        ShardRound.Counts total = decision.total();
        ShardRound.Counts counts = decision.counts();
        return new SignalCounts(
                new ShardRound.Counts(
                        total.accepted() - counts.accepted(),
                        total.duplicates() - counts.duplicates(),
                        total.late() - counts.late()),
                counts.accepted() - accepted,
                now.lineage());
    }

    /** What the decision says that it knew. */
    private CatalogNews news(Decision decision) {
        TreeMap<GroupId, GroupNews> news = new TreeMap<>();
        for (Decision.GroupDecision group : decision.groups()) {
            news.put(spec.groups().get(group.index()).id(), group.news());
        }
        return new CatalogNews(news);
    }

    /** What was known of a supply is not forgotten for an older one. */
    private void checkNews(CatalogNews earlier, CatalogNews later) {
        for (GroupSpec group : spec.groups()) {
            Violation.unless(
                    later.of(group.id()).version() >= earlier.of(group.id()).version(),
                    Invariant.REPLAY,
                    () -> "of " + group.id() + " was known " + earlier + ", and then " + later);
        }
    }

    /** Compares the statistics themselves. */
    void check(ControllerState state) {
        Violation.unless(
                Exact.equal(state.overrides(), overrides),
                Invariant.COMMANDS,
                () ->
                        "operators' words are\n"
                                + Exact.text(state.overrides())
                                + "\nand undisturbed\n"
                                + Exact.text(overrides));
        Violation.unless(
                Exact.equal(state.averages(), now.averages())
                        && Exact.equal(state.memory(), now.memory())
                        && Exact.equal(state.guards(), now.guards())
                        && state.counts().lineage() == now.lineage(),
                Invariant.RESUME,
                () ->
                        "the statistics of attempt "
                                + attempt.number()
                                + " are not those of the rounds before");
    }

    /**
     * A decision names the tokens that the log has of a complete round, and of a partial one if all
     * shards agree on its reporters.
     */
    private void checkTokens(Decision decision, int shard, Recount.Part part) {
        if (part.status() == ShardRound.Status.PARTIAL && decision.absentReporters().isEmpty()) {
            return;
        }
        long[] tokens = new long[spec.groups().size()];
        for (Signal signal : part.signals()) {
            if (signal.subject().isGroup()) {
                tokens[spec.indexOf(signal.subject())] += signal.tokens();
            }
        }
        for (int j = 0; j < tokens.length; j++) {
            long told = decision.groups().get(j).tokens();
            long reported = tokens[j];
            Violation.unless(
                    reported == 0 || reported == told,
                    Invariant.TOKENS,
                    () -> reported + " tokens of a group were reported, not " + told);
        }
    }

    /** The snapshots of the newest checkpoints are kept. */
    private boolean isKept(long round) {
        return saved.contains(round) && saved.tailSet(round, false).size() < Lineage.PINS;
    }

    private static Statistics nothing(RunSpec spec) {
        return new Statistics(
                AlignmentAverages.empty(spec), PolicyMemory.EMPTY, GuardMemory.empty(spec), 0);
    }
}
