package io.sluice.ops.inspect;

import io.sluice.ops.inspect.HistoryView.Outcome;
import io.sluice.ops.inspect.HistoryView.PlanLine;
import io.sluice.ops.inspect.HistoryView.Steps;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Decision;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Folds one run's records into a {@link HistoryView}: attempts first, then plans, then answers,
 * seals and decisions.
 */
final class HistoryFold {

    private static final int MOST_MOVES = 8;
    private static final int MOST_SPANS = 8;

    private final String run;
    private final RecentShares shares = new RecentShares();
    private final Map<String, Line> newest;
    private final Map<String, CommandLine> commands;
    private long published;

    /** A plan, and what is learnt of it later. */
    private static final class Line {
        private final PlanLine made;
        private final List<Steps> sealed = new ArrayList<>();
        private int absentReporters;
        private Optional<AckVerdict> verdict = Optional.empty();

        /** Keeps nothing of the plan's weights, which are what would take memory. */
        Line(MixturePlan plan, Optional<Shares> before, Shares now) {
            List<Move> moves = before.map(now::movesFrom).orElse(List.of());
            made =
                    new PlanLine(
                            plan.getVersion(),
                            plan.getAttempt(),
                            plan.getRound(),
                            plan.getLabel().name(),
                            plan.getEffectiveStep(),
                            List.of(),
                            Outcome.UNANSWERED,
                            "",
                            before.map(now::klFrom)
                                    .map(OptionalDouble::of)
                                    .orElse(OptionalDouble.empty()),
                            moves.size(),
                            List.copyOf(moves.subList(0, Math.min(MOST_MOVES, moves.size()))),
                            plan.getDigest(),
                            0);
        }

        void answered(AckVerdict answer) {
            boolean accepted = verdict.filter(HistoryFold::accepts).isPresent();
            if (!accepted) {
                verdict = Optional.of(answer);
            }
        }

        void sealed(Seal seal) {
            int last = sealed.size() - 1;
            if (last >= 0
                    && sealed.get(last).attempt() == seal.getAttempt()
                    && sealed.get(last).through() + 1 >= seal.getFromStep()) {
                Steps before = sealed.get(last);
                long through = Math.max(before.through(), seal.getThroughStep());
                sealed.set(last, new Steps(before.attempt(), before.from(), through));
                return;
            }
            if (sealed.size() == MOST_SPANS) {
                sealed.remove(0);
            }
            sealed.add(new Steps(seal.getAttempt(), seal.getFromStep(), seal.getThroughStep()));
        }

        PlanLine view() {
            Optional<AckVerdict> refusal = verdict.filter(v -> !accepts(v));
            return new PlanLine(
                    made.version(),
                    made.attempt(),
                    made.round(),
                    made.label(),
                    made.effectiveStep(),
                    List.copyOf(sealed),
                    outcome(refusal),
                    refusal.map(Enum::name).orElse(""),
                    made.kl(),
                    made.moved(),
                    made.largest(),
                    made.digest(),
                    absentReporters);
        }

        private Outcome outcome(Optional<AckVerdict> refusal) {
            if (!sealed.isEmpty()) {
                return Outcome.SEALED;
            }
            if (verdict.isEmpty()) {
                return Outcome.UNANSWERED;
            }
            return refusal.isPresent() ? Outcome.REFUSED : Outcome.ACCEPTED;
        }
    }

    /**
     * @param last how many plans are wanted, at least 1
     */
    HistoryFold(String run, int last) {
        this.run = run;
        this.newest = new Bounded<>(last);
        this.commands = new Bounded<>(last);
    }

    void add(Entry entry) {
        if (entry.value() instanceof AttemptStarted started) {
            MixturePlan inForce = started.getInForce();
            shares.put(inForce.getDigest(), Shares.of(inForce.getWeights()));
        } else if (entry.value() instanceof MixturePlan plan) {
            planned(plan);
        } else if (entry.value() instanceof OperatorCommand command) {
            commands.put(command.getId(), CommandLine.of(command));
        } else if (entry.value() instanceof PlanAck ack) {
            Optional.ofNullable(newest.get(ack.getOfferedDigest()))
                    .ifPresent(line -> line.answered(ack.getVerdict()));
        } else if (entry.value() instanceof Seal seal) {
            Optional.ofNullable(newest.get(seal.getDigest())).ifPresent(line -> line.sealed(seal));
        } else if (entry.value() instanceof Decision decision) {
            Optional.ofNullable(newest.get(decision.getPlanDigest()))
                    .ifPresent(line -> line.absentReporters = MissingReporters.count(decision));
        }
    }

    HistoryView view(long skipped) {
        return new HistoryView(
                run,
                published,
                newest.values().stream().map(Line::view).toList(),
                List.copyOf(commands.values()),
                skipped);
    }

    private void planned(MixturePlan plan) {
        if (newest.containsKey(plan.getDigest())) {
            return;
        }
        Shares now = Shares.of(plan.getWeights());
        newest.put(plan.getDigest(), new Line(plan, shares.get(plan.getReplaces()), now));
        shares.put(plan.getDigest(), now);
        published++;
    }

    private static boolean accepts(AckVerdict verdict) {
        return verdict == AckVerdict.ACCEPTED || verdict == AckVerdict.REPEATED;
    }
}
