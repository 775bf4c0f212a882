package io.sluice.core.controller;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.CeilingGuard;
import io.sluice.core.guard.Governor;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the guards of a run remember. Immutable; arrays are indexed by group and target of one run
 * spec.
 *
 * @param drawn tokens drawn from each group
 * @param losses last training loss of each group in nats, 0 where it has none yet
 * @param clock tokens times learning rate so far; tokens alone until a round reports a rate
 * @param rated whether a round reported a rate
 * @param ceilingPrices prices of the targets' ceilings
 * @param governor the governor's memory
 */
public record GuardMemory(
        double[] drawn,
        double[] losses,
        double clock,
        boolean rated,
        double[] ceilingPrices,
        Governor.Memory governor) {

    /** Before the first round. */
    public static GuardMemory empty(RunSpec spec) {
        return empty(spec.groups().size(), spec.targets().size());
    }

    /** The same for so many groups and targets. */
    public static GuardMemory empty(int groups, int targets) {
        return new GuardMemory(
                new double[groups],
                new double[groups],
                0,
                false,
                new double[targets],
                Governor.Memory.EMPTY);
    }

    /**
     * With a round taken in.
     *
     * @param inForce what its batches were drawn by
     */
    GuardMemory with(RoundResult round, RunSpec spec, Governor.InForce inForce) {
        double[] nextDrawn = drawn.clone();
        double[] nextLosses = losses.clone();
        double tokens = 0;
        for (ShardRound.GroupRound group : round.groups()) {
            if (group.tokens() > 0) {
                nextDrawn[group.index()] += group.tokens();
                nextLosses[group.index()] = group.meanLoss();
                tokens += group.tokens();
            }
        }
        RoundSnapshot.Losses signals = signalled(round, spec);
        RoundSnapshot.Losses evaluations = evaluated(round, spec, signals);
        boolean nextRated = rated || round.learningRate() > 0;
        // Until a rate is reported the clock counts tokens: the first rate begins another clock.
        boolean begins = nextRated && !rated;
        double start = begins ? 0 : clock;
        Governor.Memory before = begins ? Governor.Memory.EMPTY : governor;
        // Once rates are reported, a round at a rate of 0 trains nothing.
        double rate = nextRated ? round.learningRate() : 1;
        double span = tokens * rate;
        OptionalDouble loss = objective(spec, signals, evaluations, nextLosses);
        boolean usable = loss.isPresent() && span > 0 && spec.guards().governorRounds() > 0;
        return new GuardMemory(
                nextDrawn,
                nextLosses,
                start + span,
                nextRated,
                CeilingGuard.prices(
                        spec, ceilingPrices, evaluations.evaluated(), evaluations.target()),
                usable
                        ? Governor.observe(
                                before,
                                inForce,
                                start,
                                span,
                                loss.getAsDouble(),
                                spec.guards().governorRounds())
                        : before);
    }

    /**
     * With other groups in the mixture. What was drawn of a group stays drawn; its loss is
     * forgotten. A run without targets is steered by the loss of its groups, which is another one
     * now: its governor begins anew. Targets stay what they were.
     *
     * @param moved indices of the groups that came or left
     */
    GuardMemory regrouped(RunSpec spec, List<Integer> moved) {
        double[] nextLosses = losses.clone();
        moved.forEach(j -> nextLosses[j] = 0);
        return new GuardMemory(
                drawn,
                nextLosses,
                clock,
                rated,
                ceilingPrices,
                spec.targets().isEmpty() ? Governor.Memory.EMPTY : governor);
    }

    /** Losses of the targets' signals. */
    private static RoundSnapshot.Losses signalled(RoundResult round, RunSpec spec) {
        RoundSnapshot.Losses losses = RoundSnapshot.Losses.none(spec);
        for (ShardRound.TargetRound target : round.targets()) {
            losses.evaluated()[target.index()] = target.tokens() > 0;
            losses.target()[target.index()] = target.tokens() > 0 ? target.meanLoss() : 0;
        }
        return losses;
    }

    /** The same, with held-out losses in the place of those that were evaluated. */
    private static RoundSnapshot.Losses evaluated(
            RoundResult round, RunSpec spec, RoundSnapshot.Losses signals) {
        RoundSnapshot.Losses losses =
                new RoundSnapshot.Losses(
                        signals.tokens(),
                        signals.group(),
                        signals.evaluated().clone(),
                        signals.target().clone());
        for (RoundClosed.Evaluation evaluation : round.evaluations()) {
            losses.evaluated()[evaluation.target()] = true;
            losses.target()[evaluation.target()] = evaluation.loss();
        }
        return losses;
    }

    /**
     * The loss that the run is to lower; empty while a part of it has not been measured. Signals
     * come first, for they come in every round, and the two differ by more than a round's progress.
     */
    private static OptionalDouble objective(
            RunSpec spec,
            RoundSnapshot.Losses signals,
            RoundSnapshot.Losses evaluations,
            double[] losses) {
        if (!spec.targets().isEmpty()) {
            OptionalDouble signalled = weighted(spec, signals);
            return signalled.isPresent() ? signalled : weighted(spec, evaluations);
        }
        double[] prior = spec.prior().weights();
        double sum = 0;
        for (int j = 0; j < losses.length; j++) {
            if (prior[j] > 0 && losses[j] == 0) {
                return OptionalDouble.empty();
            }
            sum += prior[j] * losses[j];
        }
        return OptionalDouble.of(sum);
    }

    private static OptionalDouble weighted(RunSpec spec, RoundSnapshot.Losses losses) {
        double sum = 0;
        for (int i = 0; i < losses.target().length; i++) {
            if (!losses.evaluated()[i]) {
                return OptionalDouble.empty();
            }
            sum += spec.targets().get(i).weight() * losses.target()[i];
        }
        return OptionalDouble.of(sum);
    }
}
