package io.sluice.ops.inspect;

import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.Decision;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Seal;
import io.sluice.schemas.StandingCommand;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Folds one run's records into a {@link RunView}. Takes the same memory however many there are. */
final class RunFold {

    private static final int LABELS = 64;
    private static final int COMMANDS = 1024;

    private final String run;
    private final Map<String, String> labels = new Bounded<>(LABELS);
    private final Map<String, CommandLine> told = new Bounded<>(COMMANDS);
    private final Map<AckVerdict, Long> refused = new EnumMap<>(AckVerdict.class);
    private final Map<RejectReason, Long> rejects = new EnumMap<>(RejectReason.class);
    private final AbsenceTrail absences = new AbsenceTrail();
    private final Map<String, Instant> newest = new TreeMap<>();
    private Optional<RunView.Declaration> declaration = Optional.empty();
    private Optional<AttemptLine> attempt = Optional.empty();
    private Optional<CheckpointSaved> checkpoint = Optional.empty();
    private Optional<Seal> seal = Optional.empty();
    private OptionalLong firstStep = OptionalLong.empty();
    private Optional<PlanAck> answer = Optional.empty();
    private Optional<DecisionLine> decision = Optional.empty();
    private Optional<RoundClosed> closed = Optional.empty();
    private List<StandingCommand> standing = List.of();
    private Optional<RunSpec> spec = Optional.empty();
    private GuardWork work = GuardWork.NONE;
    private List<SupplyLine> supply = List.of();
    private Optional<SignalTotals> signals = Optional.empty();
    private boolean ended;
    private long heldSincePlan;

    RunFold(String run) {
        this.run = run;
    }

    void add(Entry entry) {
        SpecificRecord value = entry.value();
        newest.merge(
                value.getSchema().getName(),
                entry.time(),
                (before, now) -> before.isAfter(now) ? before : now);
        if (value instanceof RunSpec spec) {
            declared(spec);
        } else if (value instanceof AttemptStarted started) {
            attempt = Optional.of(AttemptLine.of(entry, started));
            ended = false;
            label(started.getInForce());
        } else if (value instanceof CheckpointSaved saved) {
            checkpoint = Optional.of(saved);
        } else if (value instanceof MixturePlan plan) {
            label(plan);
        } else if (value instanceof Seal next) {
            sealed(next);
        } else if (value instanceof PlanAck ack) {
            answered(ack);
        } else if (value instanceof Decision made) {
            decided(DecisionLine.of(made));
            Optional<RunSpec> its = spec.filter(s -> s.getDigest().equals(made.getSpecDigest()));
            work = GuardWork.of(made, its);
            supply = its.map(s -> SupplyLine.of(made, s)).orElse(List.of());
            absences.add(made);
            standing = made.getStanding();
            signals = SignalTotals.of(made);
        } else if (value instanceof OperatorCommand command) {
            told.put(command.getId(), CommandLine.of(command));
            absences.add(command);
        } else if (value instanceof RunEnded) {
            ended = true;
        } else if (value instanceof RoundClosed round) {
            closed = Optional.of(round);
        }
    }

    void rejected(RejectReason reason, Instant time) {
        rejects.merge(reason, 1L, Long::sum);
        newest.merge("Rejected", time, (before, now) -> before.isAfter(now) ? before : now);
    }

    RunView view() {
        return new RunView(
                run,
                declaration,
                attempt,
                seal.map(
                        s ->
                                new RunView.Sealed(
                                        s.getVersion(),
                                        labels.getOrDefault(s.getDigest(), ""),
                                        firstStep,
                                        s.getDigest())),
                coming(),
                ofNullable(seal.map(Seal::getThroughStep)),
                ofNullable(
                        checkpoint
                                .filter(saved -> ofNewestAttempt(saved.getAttempt()))
                                .map(CheckpointSaved::getNextStep)),
                decision,
                heldSincePlan,
                signals,
                undecided(),
                Collections.unmodifiableMap(new EnumMap<>(refused)),
                Collections.unmodifiableMap(new EnumMap<>(rejects)),
                commands(),
                spec.map(absences::view).orElse(List.of()),
                work,
                supply,
                ended,
                Collections.unmodifiableMap(new TreeMap<>(newest)));
    }

    private List<CommandLine> commands() {
        return CommandLine.holding(standing, told);
    }

    private void declared(RunSpec next) {
        spec = Optional.of(next);
        declaration =
                Optional.of(
                        new RunView.Declaration(
                                next.getPolicy(),
                                next.getMode().name(),
                                next.getGroups().size(),
                                next.getTargets().size(),
                                next.getRoundSteps(),
                                next.getDigest()));
    }

    private void label(MixturePlan plan) {
        labels.put(plan.getDigest(), plan.getLabel().name());
    }

    private void sealed(Seal next) {
        boolean older = seal.filter(s -> s.getAttempt() > next.getAttempt()).isPresent();
        if (older) {
            return;
        }
        boolean goesOn =
                seal.filter(
                                s ->
                                        s.getAttempt() == next.getAttempt()
                                                && s.getDigest().equals(next.getDigest()))
                        .isPresent();
        if (!next.getWeights().isEmpty()) {
            firstStep = OptionalLong.of(next.getFromStep());
        } else if (!goesOn) {
            firstStep = OptionalLong.empty();
        }
        seal = Optional.of(next);
    }

    private void answered(PlanAck ack) {
        answer = Optional.of(ack);
        label(ack.getInForce());
        if (ack.getVerdict() != AckVerdict.ACCEPTED && ack.getVerdict() != AckVerdict.REPEATED) {
            refused.merge(ack.getVerdict(), 1L, Long::sum);
        }
    }

    private void decided(DecisionLine made) {
        heldSincePlan = made.madePlan() ? 0 : heldSincePlan + 1;
        decision = Optional.of(made);
    }

    /** The plan in force, where the sealed steps do not use it yet. */
    private Optional<RunView.Coming> coming() {
        return answer.filter(ack -> ofNewestAttempt(ack.getAttempt()))
                .map(PlanAck::getInForce)
                .filter(
                        plan ->
                                seal.filter(s -> s.getVersion() >= plan.getVersion()).isEmpty()
                                        && plan.getVersion() > 0)
                .map(plan -> new RunView.Coming(plan.getVersion(), plan.getEffectiveStep()));
    }

    private OptionalLong undecided() {
        if (closed.filter(round -> ofNewestAttempt(round.getAttempt())).isEmpty()) {
            return OptionalLong.empty();
        }
        long last =
                decision.filter(made -> made.attempt() == closed.get().getAttempt())
                        .map(DecisionLine::round)
                        .orElseGet(this::roundBeforeAttempt);
        return OptionalLong.of(Math.max(0, closed.get().getRound() - last));
    }

    private long roundBeforeAttempt() {
        long steps = declaration.map(RunView.Declaration::roundSteps).orElse(1);
        long resumed = attempt.map(AttemptLine::resumeStep).orElse(0L);
        return resumed / Math.max(1, steps) - 1;
    }

    private boolean ofNewestAttempt(long number) {
        return attempt.filter(newestAttempt -> newestAttempt.number() > number).isEmpty();
    }

    private static OptionalLong ofNullable(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
