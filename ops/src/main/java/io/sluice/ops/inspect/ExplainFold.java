package io.sluice.ops.inspect;

import io.sluice.ops.inspect.Explanation.Chain;
import io.sluice.ops.inspect.Explanation.Link;
import io.sluice.ops.inspect.Explanation.Origin;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.TargetDecision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Folds one run's records into an {@link Explanation} of one step, once its seal is found:
 * declarations and attempts first, then plans and answers, then decisions.
 */
final class ExplainFold {

    private static final int MOST_SPECS = 8;
    private static final int MOST_COMMANDS = 1024;
    private static final int MOST_ATTEMPTS = 64;
    private static final int MOST_ANSWERS = 100_000;
    private static final int LONGEST_CHAIN = 1_000;

    private final String run;
    private final long step;
    private final SealedSteps sealed;
    private final List<SealedSteps> takenBack;
    private final Map<String, RunSpec> specs = new Bounded<>(MOST_SPECS);
    private final Map<String, AckVerdict> answers = new Bounded<>(MOST_ANSWERS);
    private final Map<String, CommandLine> told = new Bounded<>(MOST_COMMANDS);
    private final Map<Long, List<String>> reporters = new Bounded<>(MOST_ATTEMPTS);
    private final AbsenceTrail absences = new AbsenceTrail();
    private final RecentShares shares = new RecentShares();
    private final Deque<DecisionLine> decisions = new ArrayDeque<>();
    private Optional<AttemptLine> attempt = Optional.empty();
    private Optional<MixturePlan> plan = Optional.empty();
    private Optional<Shares> replaced = Optional.empty();
    private boolean found;
    private Optional<Decision> maker = Optional.empty();
    private Chain before = new Chain(List.of(), 0);
    private long forgotten;

    ExplainFold(String run, long step, SealedSteps sealed, List<SealedSteps> takenBack) {
        this.run = run;
        this.step = step;
        this.sealed = sealed;
        this.takenBack = takenBack;
    }

    void add(Entry entry) {
        if (entry.value() instanceof RunSpec spec) {
            specs.put(spec.getDigest(), spec);
        } else if (entry.value() instanceof AttemptStarted started) {
            reporters.put(entry.offset(), started.getReporters());
            started(AttemptLine.of(entry, started), started.getInForce());
        } else if (entry.value() instanceof MixturePlan made) {
            planned(made);
        } else if (entry.value() instanceof OperatorCommand command) {
            told.put(command.getId(), CommandLine.of(command));
            absences.add(command);
        } else if (entry.value() instanceof PlanAck ack) {
            answers.put(ack.getOfferedDigest(), ack.getVerdict());
            if (plan.isEmpty() && ack.getInForce().getDigest().equals(sealed.digest())) {
                plan = Optional.of(ack.getInForce());
            }
        } else if (entry.value() instanceof Decision decision) {
            decided(decision);
        }
    }

    Explanation view() {
        Optional<RunSpec> spec =
                Optional.ofNullable(
                        specs.get(maker.map(Decision::getSpecDigest).orElse(sealed.specDigest())));
        Optional<GuardTrail> trail =
                maker.flatMap(decision -> spec.flatMap(s -> GuardTrail.of(s, decision)));
        List<Explanation.Group> groups = groups(spec, trail);
        return new Explanation(
                run,
                step,
                plan(),
                takenBack.stream()
                        .map(s -> new Explanation.TakenBack(s.attempt(), s.version()))
                        .toList(),
                spec.map(ExplainFold::declared),
                maker.map(this::made),
                maker.map(decision -> guards(decision, trail)),
                maker.map(decision -> GuardWork.of(decision, spec)).orElse(GuardWork.NONE),
                before,
                after(),
                groups,
                spec.map(this::targets).orElse(List.of()),
                spec.map(s -> absent(s, groups)).orElse(List.of()),
                maker.flatMap(d -> spec.map(s -> SupplyLine.of(d, s))).orElse(List.of()),
                commands());
    }

    /** Without the decision that says it, no more than the plan's shares can be told. */
    private List<AbsentGroup> absent(RunSpec spec, List<Explanation.Group> groups) {
        if (maker.isPresent()) {
            return absences.view(spec);
        }
        Set<String> drawn =
                groups.stream()
                        .filter(group -> group.now().orElse(0) > 0)
                        .map(Explanation.Group::group)
                        .collect(Collectors.toSet());
        return new AbsenceTrail()
                .view(spec).stream().filter(group -> !drawn.contains(group.group())).toList();
    }

    private List<CommandLine> commands() {
        return CommandLine.holding(maker.map(Decision::getStanding).orElse(List.of()), told);
    }

    private void started(AttemptLine line, MixturePlan inForce) {
        shares.put(inForce.getDigest(), Shares.of(inForce.getWeights()));
        if (line.number() == sealed.attempt()) {
            attempt = Optional.of(line);
        }
        if (inForce.getDigest().equals(sealed.digest())) {
            plan = Optional.of(inForce);
        }
    }

    private void planned(MixturePlan made) {
        if (made.getDigest().equals(sealed.digest())) {
            plan = Optional.of(made);
            replaced = shares.get(made.getReplaces());
            found = true;
        } else if (!found) {
            shares.put(made.getDigest(), Shares.of(made.getWeights()));
        }
    }

    private void decided(Decision decision) {
        boolean makes =
                decision.getPlanDigest().equals(sealed.digest()) && !sealed.digest().isEmpty();
        if (makes && maker.isPresent()) {
            return;
        }
        if (makes) {
            absences.add(decision);
            maker = Optional.of(decision);
            before = before(decision);
            decisions.clear();
            forgotten = 0;
            return;
        }
        if (comesTooLate(decision)) {
            return;
        }
        if (maker.isEmpty()) {
            absences.add(decision);
        }
        if (decisions.size() == LONGEST_CHAIN) {
            decisions.removeFirst();
            forgotten++;
        }
        decisions.addLast(DecisionLine.of(decision));
    }

    /** Whether the step could not have heard of it. */
    private boolean comesTooLate(Decision decision) {
        return decision.getAttempt() > sealed.attempt()
                || decision.getAttempt() == sealed.attempt() && decision.getThroughStep() >= step;
    }

    /** What was decided for the deciding attempt since the plan that was replaced. */
    private Chain before(Decision decision) {
        Map<Long, DecisionLine> byRound = new TreeMap<>();
        boolean whole = false;
        for (DecisionLine line : decisions) {
            boolean base = line.madePlan() && line.planDigest().equals(decision.getBaseDigest());
            if (base || line.attempt() != decision.getAttempt()) {
                byRound.clear();
                whole = true;
            } else {
                byRound.put(line.round(), line);
            }
        }
        return chain(byRound, whole ? 0 : forgotten);
    }

    /** What was decided for the step's attempt on rounds that end before the step. */
    private Chain after() {
        long decided =
                maker.filter(made -> made.getAttempt() == sealed.attempt())
                        .map(Decision::getRound)
                        .orElse(-1L);
        Map<Long, DecisionLine> byRound = new TreeMap<>();
        for (DecisionLine line : decisions) {
            if (line.attempt() == sealed.attempt() && line.round() > decided) {
                byRound.put(line.round(), line);
            }
        }
        return chain(byRound, forgotten);
    }

    private Chain chain(Map<Long, DecisionLine> byRound, long leftOut) {
        return new Chain(
                byRound.values().stream()
                        .map(
                                line ->
                                        new Link(
                                                line,
                                                Optional.ofNullable(
                                                        answers.get(line.planDigest()))))
                        .toList(),
                leftOut);
    }

    private Explanation.Plan plan() {
        boolean decided = plan.filter(p -> p.getRound() >= 0).isPresent();
        return new Explanation.Plan(
                sealed.version(),
                plan.map(p -> p.getLabel().name()).orElse(""),
                origin(),
                sealed.attempt(),
                attempt.map(a -> OptionalLong.of(a.resumeStep())).orElseGet(OptionalLong::empty),
                sealed.from(),
                sealed.through(),
                decided ? OptionalLong.of(plan.get().getRound()) : OptionalLong.empty(),
                decided ? OptionalLong.of(plan.get().getEffectiveStep()) : OptionalLong.empty(),
                sealed.digest());
    }

    private Origin origin() {
        if (sealed.version() == 0) {
            return Origin.PRIOR;
        }
        if (plan.filter(p -> p.getLabel() == PlanLabel.FALLBACK).isPresent()) {
            return Origin.FALLBACK;
        }
        boolean carried = attempt.filter(a -> a.digest().equals(sealed.digest())).isPresent();
        return carried ? Origin.CARRIED : Origin.DECIDED;
    }

    private static Explanation.Declared declared(RunSpec spec) {
        return new Explanation.Declared(
                spec.getPolicy(),
                spec.getMode().name(),
                spec.getPriorPull(),
                spec.getMaxKl(),
                spec.getMinGroupSequences(),
                spec.getMinTargetSequences(),
                spec.getDigest());
    }

    private Explanation.Made made(Decision decision) {
        return new Explanation.Made(
                decision.getAttempt(),
                decision.getEpoch(),
                decision.getFirstRound(),
                decision.getRound(),
                decision.getThroughStep(),
                decision.getPolicy(),
                decision.getBaseVersion(),
                decision.getBasis().name(),
                decision.getBasisRound(),
                decision.getPredictedGain(),
                decision.getPredictedGainError(),
                decision.getAccepted(),
                decision.getDuplicates(),
                decision.getLate(),
                SignalTotals.of(decision),
                MissingReporters.count(decision),
                MissingReporters.names(
                        decision, reporters.getOrDefault(decision.getAttempt(), List.of())));
    }

    private static Explanation.Guards guards(Decision decision, Optional<GuardTrail> trail) {
        return new Explanation.Guards(
                optional(trail, GuardTrail::proposedKl),
                optional(trail, GuardTrail::pulledKl),
                optional(trail, GuardTrail::boxedKl),
                decision.getKl(),
                decision.getFraction(),
                decision.getBound(),
                decision.getBoxExceeds());
    }

    private List<Explanation.Target> targets(RunSpec spec) {
        Map<Integer, TargetDecision> measured = new HashMap<>();
        maker.ifPresent(d -> d.getTargets().forEach(t -> measured.put(t.getIndex(), t)));
        List<Explanation.Target> targets = new ArrayList<>();
        for (int i = 0; i < spec.getTargets().size(); i++) {
            Optional<TargetDecision> target = Optional.ofNullable(measured.get(i));
            targets.add(
                    new Explanation.Target(
                            spec.getTargets().get(i).getId(),
                            spec.getTargets().get(i).getWeight(),
                            target.map(t -> OptionalLong.of(t.getTokens()))
                                    .orElseGet(OptionalLong::empty),
                            target.map(t -> OptionalLong.of(t.getSequences()))
                                    .orElseGet(OptionalLong::empty),
                            optional(target, TargetDecision::getMeanLoss)));
        }
        return targets;
    }

    private List<Explanation.Group> groups(Optional<RunSpec> spec, Optional<GuardTrail> trail) {
        Map<String, Integer> indices = new HashMap<>();
        spec.ifPresent(
                s -> {
                    for (int j = 0; j < s.getGroups().size(); j++) {
                        indices.put(s.getGroups().get(j).getId(), j);
                    }
                });
        Shares now =
                sealed.shares().byGroup().isEmpty()
                        ? plan.map(p -> Shares.of(p.getWeights())).orElse(sealed.shares())
                        : sealed.shares();
        Set<String> names = new TreeSet<>(now.byGroup().keySet());
        names.addAll(indices.keySet());
        return names.stream()
                .map(name -> group(name, Optional.ofNullable(indices.get(name)), spec, trail, now))
                .toList();
    }

    private Explanation.Group group(
            String name,
            Optional<Integer> index,
            Optional<RunSpec> spec,
            Optional<GuardTrail> trail,
            Shares now) {
        Optional<GroupDeclaration> declared =
                index.flatMap(j -> spec.map(s -> s.getGroups().get(j)));
        Optional<GroupDecision> decided =
                index.flatMap(
                        j ->
                                maker.filter(d -> j < d.getGroups().size())
                                        .map(d -> d.getGroups().get(j)));
        Optional<Double> base =
                decided.map(GroupDecision::getBase)
                        .or(() -> replaced.map(shares -> shares.byGroup().get(name)));
        return new Explanation.Group(
                name,
                optional(declared, GroupDeclaration::getPrior),
                optional(declared, GroupDeclaration::getFloor),
                optional(declared, GroupDeclaration::getCap),
                optional(base, Double::doubleValue),
                optional(decided, GroupDecision::getProposed),
                optional(index, trail, GuardTrail::pulled),
                optional(index, trail, GuardTrail::boxed),
                optional(Optional.ofNullable(now.byGroup().get(name)), Double::doubleValue),
                optional(decided, GroupDecision::getScore),
                decided.map(d -> OptionalLong.of(d.getTokens())).orElseGet(OptionalLong::empty),
                optional(decided.filter(d -> d.getTokens() > 0), GroupDecision::getMeanLoss),
                decided.map(GroupDecision::getAlignments).orElse(List.of()),
                decided.map(GroupDecision::getAlignmentErrors).orElse(List.of()));
    }

    private static <T> OptionalDouble optional(Optional<T> from, ToDoubleFunction<T> value) {
        return from.isPresent()
                ? OptionalDouble.of(value.applyAsDouble(from.get()))
                : OptionalDouble.empty();
    }

    private static OptionalDouble optional(
            Optional<Integer> index,
            Optional<GuardTrail> trail,
            Function<GuardTrail, double[]> shares) {
        return index.isPresent() && trail.isPresent()
                ? OptionalDouble.of(shares.apply(trail.get())[index.get()])
                : OptionalDouble.empty();
    }
}
