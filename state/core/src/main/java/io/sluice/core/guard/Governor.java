package io.sluice.core.guard;

import io.sluice.core.statistics.LearningCurve;
import io.sluice.core.statistics.Line;
import io.sluice.core.statistics.PowerLaw;
import java.util.Optional;

/**
 * Compares what a policy's mixtures achieve with what the prior would have, and returns to the
 * prior when they fall behind.
 *
 * <pre>
 * prior:   L(n) = E + B (n + n0)^-alpha        fitted while the prior was in force
 * window:  realised = drop of the loss over the window, by a straight line
 *          prior's  = L(n(l)) - L(n(l) + span)         n(l) = tokens at which L is the window's first loss
 * behind:  realised &lt; prior's - 2 errors, in two windows in a row
 * </pre>
 *
 * <p>The loss is the weighted one of the targets, or of the groups where a run has no target; n is
 * tokens times learning rate, so that a falling rate does not look like a mixture that fails.
 * Progress is compared from the loss reached, not from the step: a policy is not blamed for what it
 * has gained already.
 *
 * <p>After a return the prior holds until it has been observed for some rounds, from which its law
 * is learnt anew; then the policy may steer again. Each return that follows another without a
 * window that kept up holds twice as long, eight times at most. Where the prior was never in force
 * for {@value #LEAST_ROUNDS} rounds there is nothing to compare with, and nothing is done.
 */
public final class Governor {

    /** Fewest rounds of the prior that a comparison rests on. */
    public static final int LEAST_ROUNDS = 8;

    /** Starts of the law that are tried, over the clock's span: losses begin at a finite height. */
    private static final double[] STARTS = {0, 0.1, 0.3, 1, 3};

    private static final int WINDOW = 10;
    private static final int WINDOWS = 2;
    private static final double ERRORS = 2;

    /** A return holds at most two to this power times as long as the first. */
    private static final int LONGEST = 3;

    private Governor() {}

    /** What was in force in a round. */
    public enum InForce {
        /** The prior. */
        PRIOR,
        /** A mixture of the policy's. */
        POLICY,
        /** Something on its way, or a probe, which says nothing of either. */
        OTHER
    }

    /** What the governor does. */
    public enum Phase {
        /** The prior has not been observed for long enough. */
        LEARNING,
        /** The policy steers, and is compared with the prior. */
        WATCHING,
        /** The prior holds. */
        RETURNED
    }

    /**
     * The last comparison.
     *
     * @param realised drop of the loss over a window, in nats
     * @param prior what the prior would have achieved there, in nats
     * @param error one standard error of the difference, in nats
     */
    public record Verdict(double realised, double prior, double error) {

        /** Whether the policy's mixtures did worse. */
        public boolean isBehind() {
            return realised < prior - ERRORS * error;
        }
    }

    /**
     * What the governor remembers.
     *
     * @param prior losses while the prior was in force
     * @param priorRounds rounds of them
     * @param window losses of the current window of the policy's
     * @param behind windows behind in a row
     * @param returned whether the prior holds
     * @param returns returns since a window last kept up
     * @param verdict the last comparison, if there was one
     */
    public record Memory(
            LearningCurve prior,
            int priorRounds,
            Line window,
            int behind,
            boolean returned,
            int returns,
            Optional<Verdict> verdict) {

        /** Before the first round. */
        public static final Memory EMPTY =
                new Memory(LearningCurve.EMPTY, 0, Line.EMPTY, 0, false, 0, Optional.empty());

        /** What the governor does by now. */
        public Phase phase() {
            if (returned) {
                return Phase.RETURNED;
            }
            return priorRounds < LEAST_ROUNDS ? Phase.LEARNING : Phase.WATCHING;
        }
    }

    /**
     * Takes in a round.
     *
     * @param inForce what its batches were drawn by
     * @param clock tokens times learning rate before the round
     * @param span the round's own, positive
     * @param loss the run's loss in the round, in nats
     * @param rounds the declared rounds of a return
     */
    public static Memory observe(
            Memory memory, InForce inForce, double clock, double span, double loss, int rounds) {
        return switch (inForce) {
            case PRIOR -> atPrior(memory, clock, span, loss, rounds);
            case POLICY -> memory.returned ? memory : atPolicy(memory, clock + span / 2, loss);
            case OTHER -> memory;
        };
    }

    private static Memory atPrior(
            Memory memory, double clock, double span, double loss, int rounds) {
        int seen = Math.min(memory.priorRounds, Integer.MAX_VALUE - 1) + 1;
        int times = 1 << Math.max(0, Math.min(memory.returns - 1, LONGEST));
        boolean over = memory.returned && seen >= (long) rounds * times;
        return new Memory(
                memory.prior.with(clock, span, loss),
                seen,
                Line.EMPTY,
                memory.behind,
                memory.returned && !over,
                memory.returns,
                memory.verdict);
    }

    private static Memory atPolicy(Memory memory, double x, double loss) {
        Line window = memory.window.with(x, loss);
        if (window.count() < WINDOW) {
            return with(memory, window, memory.behind, memory.returns, memory.verdict);
        }
        Optional<Verdict> verdict = judge(memory, window);
        if (verdict.isEmpty()) {
            return with(memory, Line.EMPTY, 0, memory.returns, verdict);
        }
        if (!verdict.get().isBehind()) {
            return with(memory, Line.EMPTY, 0, 0, verdict);
        }
        if (memory.behind + 1 < WINDOWS) {
            return with(memory, Line.EMPTY, memory.behind + 1, memory.returns, verdict);
        }
        return new Memory(LearningCurve.EMPTY, 0, Line.EMPTY, 0, true, memory.returns + 1, verdict);
    }

    /** The comparison of a window with the prior; empty while the prior is not known. */
    private static Optional<Verdict> judge(Memory memory, Line window) {
        if (memory.priorRounds < LEAST_ROUNDS) {
            return Optional.empty();
        }
        Optional<Verdict> verdict = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        for (double start : STARTS) {
            LearningCurve curve = memory.prior.shifted(start * memory.prior.span()[1]);
            Optional<PowerLaw> law = curve.fit();
            double deviation = law.map(curve::deviation).orElse(least);
            if (deviation < least) {
                least = deviation;
                verdict = law.map(found -> compare(memory, curve, found, window));
            }
        }
        return verdict;
    }

    private static Verdict compare(Memory memory, LearningCurve curve, PowerLaw law, Line window) {
        double realised = -window.slope() * window.span();
        double realisedError = window.slopeError() * window.span();
        double[] known = curve.span();
        double knownDrop = law.loss(known[0]) - law.loss(known[1]);
        double reached = law.tokensAt(window.start());
        if (!(knownDrop > 0) || reached == Double.POSITIVE_INFINITY) {
            return new Verdict(realised, 0, realisedError);
        }
        double prior = law.loss(reached) - law.loss(reached + window.span());
        // The error of a line's drop through as many points as the prior has rounds.
        double knownError = curve.deviation(law) * Math.sqrt(12.0 / memory.priorRounds);
        double priorError = knownError * prior / knownDrop;
        return new Verdict(
                realised,
                prior,
                Math.sqrt(realisedError * realisedError + priorError * priorError));
    }

    private static Memory with(
            Memory memory, Line window, int behind, int returns, Optional<Verdict> verdict) {
        return new Memory(
                memory.prior,
                memory.priorRounds,
                window,
                behind,
                memory.returned,
                returns,
                verdict);
    }
}
