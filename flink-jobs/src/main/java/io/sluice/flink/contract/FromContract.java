package io.sluice.flink.contract;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.controller.Basis;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Ids;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.replay.DecisionInputs;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.TargetDeclaration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the job reads, in the core's types. Every method throws {@link IllegalArgumentException}
 * with a message for people when a record says what cannot be; symbols that a newer writer knows
 * arrive as UNKNOWN and are refused likewise, and so are names and digests that are too long to be
 * any: Java's modified UTF-8, in which later stages ship and store them, ends at 64 KiB with an
 * exception.
 */
public final class FromContract {

    /** What a command says where it leaves a number as it is declared. */
    private static final int ABSENT = -1;

    private FromContract() {}

    /** A declaration. */
    public static RunSpec spec(io.sluice.schemas.RunSpec spec) {
        return new RunSpec(
                spec.getRunId(),
                spec.getGroups().stream()
                        .map(
                                g ->
                                        new GroupSpec(
                                                new GroupId(g.getId()),
                                                g.getPrior(),
                                                g.getFloor(),
                                                g.getCap(),
                                                supply(g),
                                                g.getDormant()))
                        .toList(),
                spec.getTargets().stream()
                        .map(
                                t ->
                                        new TargetSpec(
                                                new TargetId(t.getId()), t.getWeight(), ceiling(t)))
                        .toList(),
                PolicySpec.of(spec.getPolicy(), spec.getPolicyOptions()),
                new GuardSpec(
                        spec.getPriorPull(),
                        spec.getMaxKl(),
                        spec.getSignalDecay(),
                        spec.getMinGroupSequences(),
                        spec.getMinTargetSequences(),
                        spec.getDeadBand(),
                        spec.getCoolDownRounds(),
                        spec.getGovernorRounds(),
                        spec.getPlannedTokens()),
                new RoundSpec(
                        spec.getRoundSteps(),
                        spec.getLeadSteps(),
                        spec.getWarmUpSteps(),
                        spec.getLeastReporters()),
                new SketchSpec(spec.getSketchDimension(), spec.getSketchSeed()),
                spec.getShards(),
                spec.getSeed(),
                constant(Mode.class, spec.getMode()),
                spec.getDigest(),
                spec.getCatalog().isEmpty() ? Optional.empty() : Optional.of(spec.getCatalog()));
    }

    private static Optional<Supply> supply(GroupDeclaration group) {
        boolean endless = group.getUniqueTokens() == 0 && group.getMaxEpochs() == 0;
        if (!endless && group.getUniqueTokens() < 1) {
            throw new IllegalArgumentException(
                    "unique tokens " + group.getUniqueTokens() + " are below 1");
        }
        return endless
                ? Optional.empty()
                : Optional.of(new Supply(group.getUniqueTokens(), group.getMaxEpochs()));
    }

    private static OptionalDouble ceiling(TargetDeclaration target) {
        return target.getCeiling() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(target.getCeiling());
    }

    /** An attempt; {@code offset} is where its record stands, which is its number. */
    public static Attempt attempt(AttemptStarted started, long offset) {
        return new Attempt(
                started.getRunId(),
                offset,
                text(started.getSpecDigest(), "spec digest"),
                started.getResumeStep(),
                started.getReporters().stream().map(r -> Ids.require(r, "reporter")).toList(),
                plan(started.getInForce()));
    }

    /** A plan. */
    public static Plan plan(MixturePlan plan) {
        return new Plan(
                text(plan.getRunId(), "run"),
                plan.getAttempt(),
                plan.getEpoch(),
                text(plan.getSpecDigest(), "spec digest"),
                plan.getRound(),
                plan.getVersion(),
                text(plan.getReplaces(), "digest of the replaced plan"),
                plan.getEffectiveStep(),
                mixture(plan.getWeights()),
                constant(Plan.Label.class, plan.getLabel()),
                text(plan.getDigest(), "plan digest"));
    }

    /** A signal. */
    public static Signal signal(GroupSignal signal) {
        return new Signal(
                signal.getRunId(),
                signal.getSpecDigest(),
                signal.getAttempt(),
                signal.getRound(),
                new Subject(kind(signal.getKind()), signal.getSubject()),
                signal.getReporter(),
                signal.getPart(),
                signal.getFromStep(),
                signal.getThroughStep(),
                plans(signal),
                signal.getTokens(),
                signal.getSequences(),
                signal.getLossSum(),
                signal.getLossSquareSum(),
                bytes(signal.getSketch()));
    }

    private static List<Signal.PlanTokens> plans(GroupSignal signal) {
        List<Signal.PlanTokens> plans = new ArrayList<>(signal.getPlans().size());
        for (PlanTokens plan : signal.getPlans()) {
            plans.add(new Signal.PlanTokens(plan.getVersion(), plan.getTokens()));
        }
        return plans;
    }

    /** A reporter's statement. */
    public static RoundClosed closed(io.sluice.schemas.RoundClosed closed) {
        return new RoundClosed(
                closed.getRunId(),
                closed.getSpecDigest(),
                closed.getAttempt(),
                closed.getRound(),
                closed.getReporter(),
                closed.getFromStep(),
                closed.getThroughStep(),
                closed.getOutcomes().stream()
                        .map(
                                o ->
                                        new RoundClosed.SubjectOutcome(
                                                kind(o.getKind()),
                                                o.getIndex(),
                                                o.getPart(),
                                                constant(
                                                        RoundClosed.Outcome.class, o.getOutcome())))
                        .toList(),
                closed.getLearningRate(),
                closed.getEvaluations().stream()
                        .map(
                                e ->
                                        new RoundClosed.Evaluation(
                                                e.getTarget(), e.getLoss(), e.getTokens()))
                        .toList(),
                closed.getNanos());
    }

    /** A bridge's answer. */
    public static PlanAck ack(io.sluice.schemas.PlanAck ack) {
        return new PlanAck(
                ack.getRunId(),
                ack.getAttempt(),
                ack.getOfferedVersion(),
                text(ack.getOfferedDigest(), "offered digest"),
                ack.getOfferedEpoch(),
                constant(PlanAck.Verdict.class, ack.getVerdict()),
                plan(ack.getInForce()));
    }

    /**
     * What a recorded decision says of its own inputs.
     *
     * @param number its place among the recorded decisions
     */
    public static DecisionInputs inputs(int number, io.sluice.schemas.Decision decision) {
        // Where an older build did not say whether plans waited, it only mattered for a plan that
        // changes nothing: then the plan says so.
        int waiting =
                decision.getWaiting() >= 0
                        ? decision.getWaiting()
                        : decision.getPlanVersion() >= 0 ? 1 : 0;
        return new DecisionInputs(
                number,
                decision.getAttempt(),
                decision.getEpoch(),
                decision.getFirstRound(),
                decision.getRound(),
                decision.getBaseDigest(),
                new Basis(
                        constant(Basis.Kind.class, decision.getBasis()), decision.getBasisRound()),
                waiting,
                decision.getComplete() && decision.getHold() != HoldReason.INCOMPLETE,
                BitSet.valueOf(decision.getAbsentReporters().duplicate()).stream().boxed().toList(),
                decision.getGroups().stream()
                        .filter(group -> group.getTokens() > 0)
                        .map(GroupDecision::getIndex)
                        .toList(),
                new ShardRound.Counts(
                        decision.getAccepted(), decision.getDuplicates(), decision.getLate()),
                new ShardRound.Counts(
                        decision.getTotalAccepted(),
                        decision.getTotalDuplicates(),
                        decision.getTotalLate()),
                decision.getLineage(),
                decision.getCommands().stream().map(CommandOutcome::getId).toList(),
                news(decision));
    }

    private static SortedMap<Integer, GroupNews> news(io.sluice.schemas.Decision decision) {
        SortedMap<Integer, GroupNews> news = new TreeMap<>();
        for (io.sluice.schemas.GroupNews group : decision.getNews()) {
            long tokens = group.getUniqueTokens();
            news.put(
                    group.getIndex(),
                    new GroupNews(
                            GroupNews.State.valueOf(group.getState().name()),
                            tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens),
                            group.getVersion()));
        }
        return news;
    }

    /** An operator's command. */
    public static OperatorCommand command(io.sluice.schemas.OperatorCommand command) {
        Kind kind = constant(Kind.class, command.getKind());
        return new OperatorCommand(
                command.getRunId(),
                command.getId(),
                kind,
                command.getWho(),
                command.getWhy(),
                command.getUntilStep() == ABSENT
                        ? OptionalLong.empty()
                        : OptionalLong.of(command.getUntilStep()),
                new TreeSet<>(command.getGroups().stream().map(GroupId::new).toList()),
                kind == Kind.PIN ? shares(command.getWeights()) : new TreeMap<>(),
                kind == Kind.ROLLBACK
                        ? Optional.of(mixture(command.getWeights()))
                        : Optional.empty(),
                kind == Kind.SET_POLICY ? Optional.of(change(command)) : Optional.empty());
    }

    private static PolicyChange change(io.sluice.schemas.OperatorCommand command) {
        Map<String, Double> options = command.getPolicyOptions();
        if (command.getPolicy().isEmpty() && !options.isEmpty()) {
            throw new IllegalArgumentException(
                    "options " + new TreeSet<>(options.keySet()) + " belong to no policy");
        }
        return new PolicyChange(
                command.getPolicy().isEmpty()
                        ? Optional.empty()
                        : Optional.of(PolicySpec.of(command.getPolicy(), options)),
                shares(command.getFloors()),
                shares(command.getCaps()),
                bound(command.getMaxKl()),
                bound(command.getPriorPull()));
    }

    private static OptionalDouble bound(double value) {
        return value == ABSENT ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static SortedMap<GroupId, Double> shares(List<GroupWeight> weights) {
        SortedMap<GroupId, Double> shares = new TreeMap<>();
        for (GroupWeight weight : weights) {
            if (shares.put(new GroupId(weight.getGroup()), weight.getWeight()) != null) {
                throw new IllegalArgumentException(
                        "it names group " + weight.getGroup() + " twice");
            }
        }
        return shares;
    }

    private static Mixture mixture(List<GroupWeight> weights) {
        List<GroupWeight> sorted = new ArrayList<>(weights);
        sorted.sort(Comparator.comparing(GroupWeight::getGroup));
        return Mixture.of(
                sorted.stream().map(w -> new GroupId(w.getGroup())).toList(),
                sorted.stream().mapToDouble(GroupWeight::getWeight).toArray());
    }

    /** A name or digest of any form, as long as it can be one. */
    private static String text(String value, String what) {
        if (value.length() > Ids.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the "
                            + what
                            + " has "
                            + value.length()
                            + " characters; at most "
                            + Ids.MAX_LENGTH
                            + " are allowed");
        }
        return value;
    }

    private static Subject.Kind kind(SubjectKind kind) {
        return constant(Subject.Kind.class, kind);
    }

    /** The core's constant of the same name; the contract's UNKNOWN has none. */
    private static <E extends Enum<E>> E constant(Class<E> type, Enum<?> symbol) {
        try {
            return Enum.valueOf(type, symbol.name());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    symbol.name()
                            + " is no "
                            + type.getSimpleName()
                            + " that this build knows: upgrade the job",
                    e);
        }
    }

    /** The bytes of a buffer: its own array where it holds nothing else, as Avro's do. */
    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.remaining() == buffer.array().length) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
