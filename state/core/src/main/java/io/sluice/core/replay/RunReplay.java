package io.sluice.core.replay;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.Overrides;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.controller.Lineage;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Makes a run's recorded decisions once more, from its declarations, attempts, plans, operators'
 * commands, signals and what the decisions say of their own inputs, by the same {@code
 * RoundReducer} and {@code Controller}. Not one of the job's own states is needed.
 *
 * <p>A job that was restored decides rounds a second time, perhaps on other statistics. So each
 * decision must follow from some decision of the round before it, whoever made it.
 *
 * <p>Declarations, attempts, plans and commands come first, then signals and statements in the
 * order of their log, then {@link #finish}. Holds the signals of the rounds that are not whole yet,
 * and the statistics of the rounds that an attempt began with.
 */
public final class RunReplay {

    /** Most rounds that are put together ahead of the decision that comes next. */
    private static final int MOST_AHEAD = 256;

    private record Round(long attempt, long round) {}

    /** A round without the reporters at some places. */
    private record Recorded(Round place, List<Integer> absent) {}

    private record Place(String specDigest, long round) {}

    /**
     * Where the replay parted from the log.
     *
     * @param recorded the inputs of the recorded decision
     * @param replayed what was decided from them; absent when they do not suffice
     * @param reason a sentence
     */
    public record Difference(DecisionInputs recorded, Optional<Decision> replayed, String reason) {}

    /**
     * A decision that was made once more, with all that it was made from.
     *
     * @param inForce the plan that was believed in force
     * @param before what was known of the rounds before, and of operators' words
     * @param commands operators' commands that it decided on
     * @param parts the shards' results
     * @param isBasis whether an attempt begins with what was known then
     */
    record Made(
            DecisionInputs inputs,
            RunSpec spec,
            Attempt attempt,
            Plan inForce,
            Statistics before,
            List<OperatorCommand> commands,
            List<ShardRound> parts,
            Decision decision,
            boolean isBasis) {}

    private final PlanDigest digest;
    private final Optional<WhatIf> whatIf;
    private final BiPredicate<DecisionInputs, Decision> same;
    private final Deque<DecisionInputs> ahead;
    private final Map<Round, Set<List<Integer>>> wanted = new HashMap<>();
    private final Set<Long> bases = new HashSet<>();
    private final Map<String, RunSpec> specs = new HashMap<>();
    private final TreeMap<Long, Attempt> attempts = new TreeMap<>();
    private final Map<String, Plan> plans = new HashMap<>();
    private final Map<String, Controller> controllers = new HashMap<>();
    private final Map<Recorded, RecordedRound> rounds = new HashMap<>();
    private final Map<Round, List<Statistics>> after = new HashMap<>();
    private final Map<Place, List<Statistics>> begun = new HashMap<>();
    private final Operators operators;
    private long begunThrough = -1;
    private Optional<Difference> difference = Optional.empty();
    private int decisions;
    private int madePlans;

    /**
     * @param recorded inputs of the recorded decisions
     * @param same whether a decision is the recorded one to the last bit
     */
    public RunReplay(
            PlanDigest digest,
            List<DecisionInputs> recorded,
            BiPredicate<DecisionInputs, Decision> same) {
        this(digest, recorded, same, Optional.empty());
    }

    /**
     * As above.
     *
     * @param whatIf is told of every decision that is the same
     */
    public RunReplay(
            PlanDigest digest,
            List<DecisionInputs> recorded,
            BiPredicate<DecisionInputs, Decision> same,
            Optional<WhatIf> whatIf) {
        this.digest = digest;
        this.whatIf = whatIf;
        this.same = same;
        this.ahead =
                new ArrayDeque<>(
                        recorded.stream()
                                .sorted(
                                        Comparator.comparingLong(DecisionInputs::attempt)
                                                .thenComparingLong(DecisionInputs::firstRound)
                                                .thenComparingInt(DecisionInputs::number))
                                .toList());
        Set<String> commands = new HashSet<>();
        for (DecisionInputs inputs : recorded) {
            commands.addAll(inputs.commands());
            wanted.computeIfAbsent(
                            new Round(inputs.attempt(), inputs.firstRound()), r -> new HashSet<>())
                    .add(inputs.absentReporters());
            bases.add(inputs.basis().round());
        }
        this.operators = new Operators(commands);
    }

    /** A declaration of the run. */
    public void declared(RunSpec spec) {
        specs.put(spec.digest(), spec);
    }

    /** An attempt, with the plan that its checkpoint carried. */
    public void started(Attempt attempt) {
        attempts.put(attempt.number(), attempt);
        plan(attempt.inForce());
    }

    /** A plan that was published, or that an answer named as in force. */
    public void plan(Plan plan) {
        plans.put(plan.digest(), plan);
    }

    /** An operator's command, in the order of its log. */
    public void command(OperatorCommand command) {
        operators.told(command);
    }

    /** A signal. One that breaks a rule changes nothing, as in the job. */
    public void signal(Signal signal) {
        Round place = new Round(signal.attempt(), signal.round());
        Optional<RunSpec> spec = spec(place, signal.specDigest());
        if (spec.isPresent()
                && SignalRules.check(signal, spec.get(), attempts.get(signal.attempt()))
                        .isEmpty()) {
            for (List<Integer> absent : wanted.get(place)) {
                round(new Recorded(place, absent), spec.get()).add(signal);
            }
            proceed();
        }
    }

    /** A reporter's statement. One that breaks a rule changes nothing, as in the job. */
    public void closed(RoundClosed closed) {
        Round place = new Round(closed.attempt(), closed.round());
        Optional<RunSpec> spec = spec(place, closed.specDigest());
        if (spec.isPresent()
                && SignalRules.check(closed, spec.get(), attempts.get(closed.attempt()))
                        .isEmpty()) {
            for (List<Integer> absent : wanted.get(place)) {
                round(new Recorded(place, absent), spec.get()).close(closed);
            }
            proceed();
        }
    }

    /** The log has no more; answers the first difference, if there is one. */
    public Optional<Difference> finish() {
        proceed();
        if (difference.isEmpty() && !ahead.isEmpty()) {
            lacking(ahead.peek(), "the log has not all signals of its round");
        }
        return difference;
    }

    /** Decisions that were the same. */
    public int decisions() {
        return decisions;
    }

    /** Those of them that made a plan. */
    public int plans() {
        return madePlans;
    }

    /** The declaration that an attempt obeys, for records that belong to it and are wanted. */
    private Optional<RunSpec> spec(Round place, String specDigest) {
        Attempt attempt = attempts.get(place.attempt());
        boolean usable =
                difference.isEmpty()
                        && wanted.containsKey(place)
                        && attempt != null
                        && attempt.specDigest().equals(specDigest);
        return usable ? Optional.ofNullable(specs.get(specDigest)) : Optional.empty();
    }

    private RecordedRound round(Recorded recorded, RunSpec spec) {
        return rounds.computeIfAbsent(
                recorded,
                key ->
                        new RecordedRound(
                                spec,
                                attempts.get(key.place().attempt()),
                                key.place().round(),
                                key.absent(),
                                work(spec)));
    }

    private SketchWork work(RunSpec spec) {
        SketchWork declared = SketchWork.of(spec.policy());
        return whatIf.map(other -> declared.and(other.work(spec))).orElse(declared);
    }

    /** Decides what can be decided by now. */
    private void proceed() {
        while (difference.isEmpty() && !ahead.isEmpty()) {
            DecisionInputs inputs = ahead.peek();
            Attempt attempt = attempts.get(inputs.attempt());
            RunSpec spec = attempt == null ? null : specs.get(attempt.specDigest());
            if (spec == null) {
                lacking(inputs, "the log has no attempt " + inputs.attempt() + " of the run");
                return;
            }
            Round place = new Round(inputs.attempt(), inputs.firstRound());
            Recorded recorded = new Recorded(place, inputs.absentReporters());
            if (!round(recorded, spec).suffices(inputs)) {
                if (rounds.size() > MOST_AHEAD) {
                    lacking(inputs, "the log has not all signals of its round");
                }
                return;
            }
            ahead.remove();
            decide(inputs, spec, attempt, place);
            DecisionInputs next = ahead.peek();
            if (next == null
                    || next.attempt() != place.attempt()
                    || next.firstRound() != place.round()) {
                wanted.remove(place).forEach(absent -> rounds.remove(new Recorded(place, absent)));
                after.remove(place);
            }
        }
    }

    private void decide(DecisionInputs inputs, RunSpec spec, Attempt attempt, Round place) {
        Plan inForce = plans.get(inputs.baseDigest());
        if (inForce == null) {
            lacking(inputs, "the log has no plan " + inputs.baseDigest() + ", on which it builds");
            return;
        }
        List<Statistics> known = before(inputs, spec, attempt, place);
        if (known.isEmpty()) {
            lacking(inputs, "the log has no decision of the rounds before it");
            return;
        }
        List<OperatorCommand> commands = new ArrayList<>();
        for (String id : inputs.commands()) {
            Optional<OperatorCommand> command = operators.command(id, specs.values());
            if (command.isEmpty()) {
                lacking(inputs, "the log has no command " + id + ", on which it decided");
                return;
            }
            commands.add(command.get());
        }
        List<ShardRound> parts =
                rounds.get(new Recorded(place, inputs.absentReporters())).parts(inputs);
        Optional<Made> made = Optional.empty();
        Optional<Decision> other = Optional.empty();
        for (Statistics statistics : known) {
            Controller.Step step =
                    step(
                            controllers.computeIfAbsent(
                                    spec.digest(),
                                    d -> new Controller(spec, digest, new InMemorySnapshotStore())),
                            inputs,
                            spec,
                            attempt,
                            inForce,
                            unanswered(plans, inForce, inputs.waiting()),
                            statistics,
                            commands,
                            parts);
            Decision decision = step.decisions().get(0);
            if (same.test(inputs, decision)) {
                made =
                        Optional.of(
                                new Made(
                                        inputs,
                                        spec,
                                        attempt,
                                        inForce,
                                        statistics,
                                        commands,
                                        parts,
                                        decision,
                                        bases.contains(inputs.round() + 1)));
                remember(step.state(), decision);
            } else {
                other = Optional.of(decision);
            }
        }
        if (made.isEmpty()) {
            difference =
                    Optional.of(
                            new Difference(inputs, other, "the same inputs give another decision"));
            return;
        }
        decisions++;
        madePlans += made.get().decision().plan().isPresent() ? 1 : 0;
        if (whatIf.isPresent()) {
            whatIf.get().decided(made.get());
        }
    }

    /** What the controller may have known of the rounds before, and of operators' words. */
    private List<Statistics> before(
            DecisionInputs inputs, RunSpec spec, Attempt attempt, Round place) {
        List<Statistics> known = new ArrayList<>();
        if (place.round() > spec.rounds().roundOf(attempt.resumeStep())) {
            known.addAll(after.getOrDefault(place, List.of()));
        } else {
            begin(attempt);
            for (Statistics statistics : begunWith(inputs, spec)) {
                for (Overrides said : operators.under(spec)) {
                    statistics.at(inputs.basis().round(), said).addTo(known);
                }
            }
        }
        for (Statistics statistics : List.copyOf(known)) {
            refused(statistics).ifPresent(other -> other.addTo(known));
        }
        return known;
    }

    /** The same where a bridge refused the plan that returned to an earlier mixture. */
    private static Optional<Statistics> refused(Statistics statistics) {
        Overrides said = statistics.overrides();
        return said.rollback()
                .flatMap(Overrides.Rollback::plan)
                .map(plan -> statistics.with(said.refused(List.of(plan))));
    }

    /** Takes operators' words from attempt to attempt, as far as this one. */
    private void begin(Attempt attempt) {
        for (Attempt next : attempts.subMap(begunThrough, false, attempt.number(), true).values()) {
            Optional.ofNullable(specs.get(next.specDigest()))
                    .ifPresent(spec -> operators.began(spec, next));
        }
        begunThrough = Math.max(begunThrough, attempt.number());
    }

    private List<Statistics> begunWith(DecisionInputs inputs, RunSpec spec) {
        Basis basis = inputs.basis();
        if (basis.kind() == Basis.Kind.NEW || basis.kind() == Basis.Kind.RESET) {
            return List.of(Statistics.none(spec));
        }
        List<Statistics> known =
                new ArrayList<>(
                        begun.getOrDefault(new Place(spec.digest(), basis.round()), List.of()));
        if (attempts.values().stream().anyMatch(other -> beginsIn(other, basis.round(), spec))) {
            // An attempt that began anew there may have decided nothing.
            Statistics.none(spec).addTo(known);
        }
        return known;
    }

    private static boolean beginsIn(Attempt attempt, long round, RunSpec spec) {
        return attempt.specDigest().equals(spec.digest())
                && spec.rounds().roundOf(attempt.resumeStep()) == round;
    }

    /** Decides one round from what was known, by a controller that remembers nothing itself. */
    static Controller.Step step(
            Controller controller,
            DecisionInputs inputs,
            RunSpec spec,
            Attempt attempt,
            Plan inForce,
            List<String> unanswered,
            Statistics statistics,
            List<OperatorCommand> commands,
            List<ShardRound> parts) {
        Controller.Step step =
                new Controller.Step(
                        new ControllerState(
                                spec,
                                attempt,
                                inForce,
                                unanswered,
                                inputs.firstRound(),
                                statistics.averages(),
                                statistics.memory(),
                                List.of(),
                                inputs.basis(),
                                Lineage.EMPTY,
                                statistics.guards(),
                                statistics.overrides().waitingFor(commands),
                                CatalogNews.NONE,
                                inputs.before()),
                        List.of());
        for (ShardRound part : parts) {
            step = controller.round(step.state(), part, inputs.epoch(), inputs.catalog(spec));
        }
        return step;
    }

    /** Digests of the last plans up to the one in force, of which each replaces the one before. */
    static List<String> unanswered(Map<String, Plan> plans, Plan inForce, int waiting) {
        LinkedList<String> digests = new LinkedList<>();
        String plan = inForce.digest();
        while (digests.size() < waiting) {
            digests.addFirst(plan);
            plan = plans.containsKey(plan) ? plans.get(plan).replaces() : plan;
        }
        return digests;
    }

    /** Keeps what a decision leaves to the next round, and to attempts that begin with it. */
    private void remember(ControllerState state, Decision decision) {
        Statistics statistics = Statistics.of(state);
        long next = decision.round() + 1;
        statistics.addTo(
                after.computeIfAbsent(
                        new Round(decision.attempt(), next), key -> new ArrayList<>()));
        operators.decided(decision.specDigest(), statistics.overrides());
        if (bases.contains(next)) {
            statistics
                    .with(Overrides.NONE)
                    .addTo(
                            begun.computeIfAbsent(
                                    new Place(decision.specDigest(), next),
                                    key -> new ArrayList<>()));
        }
    }

    private void lacking(DecisionInputs inputs, String reason) {
        difference = Optional.of(new Difference(inputs, Optional.empty(), reason));
    }
}
