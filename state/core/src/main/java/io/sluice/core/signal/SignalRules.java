package io.sluice.core.signal;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Rejection.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Optional;

/** What a signal must be before it may touch a statistic. Pure; every rule has its reason code. */
public final class SignalRules {

    /**
     * Most tokens of one signal: sums of 10,000 groups over any number of rounds stay exact in 64
     * bits.
     */
    public static final long MAX_TOKENS = 1L << 42;

    private static final double MAX_LOSS_PER_TOKEN = 1e6;

    /** Exponent bits of a bfloat16; all of them set means NaN or infinite. */
    private static final int BFLOAT_NOT_FINITE = 0x7f80;

    /**
     * Exponent bits of 2^99: sums over all reporters of an attempt stay finite in single precision.
     */
    private static final int MAX_EXPONENT = (127 + 99) << 7;

    private static final VarHandle FOUR =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** One bit in each of four numbers. */
    private static final long FOUR_ONES = 0x0001_0001_0001_0001L;

    private static final long FOUR_EXPONENTS = FOUR_ONES * BFLOAT_NOT_FINITE;
    private static final long FOUR_SIGNS = FOUR_ONES << 15;

    /** Added to an exponent above the largest, and to no other, it carries into the sign. */
    private static final long FOUR_CARRIES = FOUR_ONES * ((1 << 15) - (MAX_EXPONENT + (1 << 7)));

    private SignalRules() {}

    /** The first rule that {@code signal} breaks, if any. */
    public static Optional<Rejection> check(Signal signal, RunSpec spec, Attempt attempt) {
        if (!Subject.Kind.GROUP.equals(signal.subject().kind()) && !signal.plans().isEmpty()) {
            return reject(Reason.OUT_OF_RANGE, "a target's tokens were drawn by no plan");
        }
        if (spec.indexOf(signal.subject()) < 0) {
            return reject(
                    Reason.UNKNOWN_SUBJECT,
                    "run "
                            + spec.runId()
                            + " has no "
                            + name(signal.subject())
                            + "; it is not created by a signal");
        }
        Optional<Rejection> origin =
                origin(
                        signal.reporter(),
                        signal.round(),
                        signal.fromStep(),
                        signal.throughStep(),
                        spec,
                        attempt);
        if (origin.isPresent()) {
            return origin;
        }
        if (signal.part() < 0 || signal.part() >= Signal.PARTS) {
            return reject(Reason.OUT_OF_RANGE, "part " + signal.part() + " is neither 0 nor 1");
        }
        return checkMeasurements(signal, spec);
    }

    /** The first rule that {@code closed} breaks, if any. */
    public static Optional<Rejection> check(RoundClosed closed, RunSpec spec, Attempt attempt) {
        Optional<Rejection> origin =
                origin(
                        closed.reporter(),
                        closed.round(),
                        closed.fromStep(),
                        closed.throughStep(),
                        spec,
                        attempt);
        if (origin.isPresent()) {
            return origin;
        }
        if (closed.throughStep() != spec.rounds().lastStep(closed.round())) {
            return reject(
                    Reason.WRONG_STEPS,
                    "round " + closed.round() + " does not end at step " + closed.throughStep());
        }
        BitSet toldOfGroups = new BitSet();
        BitSet toldOfTargets = new BitSet();
        for (RoundClosed.SubjectOutcome outcome : closed.outcomes()) {
            int size =
                    outcome.kind() == Subject.Kind.GROUP
                            ? spec.groups().size()
                            : spec.targets().size();
            if (outcome.index() < 0 || outcome.index() >= size) {
                return reject(
                        Reason.UNKNOWN_SUBJECT,
                        "the run has no " + outcome.kind() + " of index " + outcome.index());
            }
            if (outcome.part() < 0 || outcome.part() >= Signal.PARTS) {
                return reject(
                        Reason.OUT_OF_RANGE, "part " + outcome.part() + " is neither 0 nor 1");
            }
            BitSet told = outcome.kind() == Subject.Kind.GROUP ? toldOfGroups : toldOfTargets;
            int place = Signal.PARTS * outcome.index() + outcome.part();
            if (told.get(place)) {
                return reject(Reason.OUT_OF_RANGE, "an outcome is told twice");
            }
            told.set(place);
        }
        for (RoundClosed.Evaluation evaluation : closed.evaluations()) {
            if (evaluation.target() < 0 || evaluation.target() >= spec.targets().size()) {
                return reject(
                        Reason.UNKNOWN_SUBJECT,
                        "the run has no target of index " + evaluation.target());
            }
            if (evaluation.tokens() <= 0 || evaluation.tokens() > MAX_TOKENS) {
                return reject(
                        Reason.OUT_OF_RANGE, "an evaluation of " + evaluation.tokens() + " tokens");
            }
            if (!Double.isFinite(evaluation.loss())) {
                return reject(
                        Reason.NOT_FINITE,
                        "the loss of target " + evaluation.target() + " is " + evaluation.loss());
            }
        }
        if (!Double.isFinite(closed.learningRate())) {
            return reject(Reason.NOT_FINITE, "the learning rate is " + closed.learningRate());
        }
        return Optional.empty();
    }

    private static Optional<Rejection> origin(
            String reporter,
            long round,
            long fromStep,
            long throughStep,
            RunSpec spec,
            Attempt attempt) {
        if (Collections.binarySearch(attempt.reporters(), reporter) < 0) {
            return reject(
                    Reason.UNKNOWN_REPORTER,
                    "attempt " + attempt.number() + " has no reporter '" + reporter + "'");
        }
        if (round < 0 || round > Long.MAX_VALUE / spec.rounds().steps() - 1) {
            return reject(Reason.OUT_OF_RANGE, "round " + round);
        }
        if (fromStep < Math.max(spec.rounds().firstStep(round), attempt.resumeStep())
                || throughStep > spec.rounds().lastStep(round)
                || fromStep > throughStep) {
            return reject(
                    Reason.WRONG_STEPS,
                    "steps "
                            + fromStep
                            + " to "
                            + throughStep
                            + " do not lie in round "
                            + round
                            + " of an attempt that"
                            + " resumed at step "
                            + attempt.resumeStep());
        }
        return Optional.empty();
    }

    /**
     * The first rule that the numbers of {@code signal} break, if any, whatever attempt and round
     * it belongs to. A bridge asks before it sends: what is rejected later makes its round wait.
     */
    public static Optional<Rejection> checkMeasurements(Signal signal, RunSpec spec) {
        if (signal.tokens() <= 0 || signal.tokens() > MAX_TOKENS) {
            return reject(Reason.OUT_OF_RANGE, signal.tokens() + " tokens");
        }
        if (signal.sequences() <= 0 || signal.sequences() > signal.tokens()) {
            return reject(
                    Reason.OUT_OF_RANGE,
                    signal.sequences() + " sequences of " + signal.tokens() + " tokens");
        }
        if (!Double.isFinite(signal.lossSum()) || !Double.isFinite(signal.lossSquareSum())) {
            return reject(
                    Reason.NOT_FINITE,
                    "loss sums " + signal.lossSum() + ", " + signal.lossSquareSum());
        }
        if (signal.lossSum() < 0
                || signal.lossSquareSum() < 0
                || signal.lossSum() > MAX_LOSS_PER_TOKEN * signal.tokens()) {
            return reject(
                    Reason.OUT_OF_RANGE,
                    "loss sums " + signal.lossSum() + ", " + signal.lossSquareSum());
        }
        if (signal.subject().isGroup()) {
            long drawn = 0;
            for (Signal.PlanTokens plan : signal.plans()) {
                if (plan.tokens() <= 0 || plan.tokens() > MAX_TOKENS || plan.version() < 0) {
                    return reject(
                            Reason.OUT_OF_RANGE,
                            plan.tokens() + " tokens of plan " + plan.version());
                }
                drawn += plan.tokens();
            }
            if (drawn != signal.tokens()) {
                return reject(
                        Reason.OUT_OF_RANGE,
                        "plans drew " + drawn + " of " + signal.tokens() + " tokens");
            }
        }
        if (signal.hasSketch()) {
            if (signal.sketch().length != 2 * spec.sketch().dimension()) {
                return reject(
                        Reason.WRONG_SKETCH,
                        signal.sketch().length
                                + " bytes are not a sketch of dimension "
                                + spec.sketch().dimension());
            }
            if (holdsLarge(signal.sketch())) {
                return largestExponent(signal.sketch()) == BFLOAT_NOT_FINITE
                        ? reject(Reason.NOT_FINITE, "the sketch holds NaN or an infinity")
                        : reject(Reason.OUT_OF_RANGE, "the sketch holds a number above 1e30");
            }
        }
        return Optional.empty();
    }

    /** Whether an exponent is above the largest; looks at four numbers at a time. */
    private static boolean holdsLarge(byte[] bfloats) {
        int whole = bfloats.length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            long exponents = (long) FOUR.get(bfloats, i) & FOUR_EXPONENTS;
            if ((exponents + FOUR_CARRIES & FOUR_SIGNS) != 0) {
                return true;
            }
        }
        return largestExponent(Arrays.copyOfRange(bfloats, whole, bfloats.length)) > MAX_EXPONENT;
    }

    private static int largestExponent(byte[] bfloats) {
        int largest = 0;
        for (int i = 0; i < bfloats.length; i += 2) {
            int bits = (bfloats[i] & 0xff) | (bfloats[i + 1] & 0xff) << 8;
            largest = Math.max(largest, bits & BFLOAT_NOT_FINITE);
        }
        return largest;
    }

    private static String name(Subject subject) {
        return (subject.isGroup() ? "group " : "target ") + subject.id();
    }

    private static Optional<Rejection> reject(Reason reason, String message) {
        return Optional.of(new Rejection(reason, message));
    }
}
