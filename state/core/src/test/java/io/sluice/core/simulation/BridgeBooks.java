package io.sluice.core.simulation;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.core.sequence.Seal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What each bridge must answer and seal. */
final class BridgeBooks {

    /** One bridge's attempt. */
    private static final class Books {
        private final RunSpec spec;
        private final TreeMap<Long, Plan> planOfStep = new TreeMap<>();
        private final Set<String> accepted = new HashSet<>();
        private long attempt = -1;
        private Plan inForce;
        private long highestEpoch;
        private long acceptedEpoch;
        private long sealedThrough;

        /** First step of the plan in force, and the plan before it. */
        private final TreeMap<Long, Plan> planFromStep = new TreeMap<>();

        private Books(RunSpec spec) {
            this.spec = spec;
        }
    }

    private final PlanBooks plans;
    private final Map<Integer, Books> byBridge = new HashMap<>();
    private final Map<Long, Books> byAttempt = new HashMap<>();

    BridgeBooks(PlanBooks plans) {
        this.plans = plans;
    }

    void started(int bridge, RunSpec spec, Attempt attempt, long storedEpoch, Resume from) {
        Books books = new Books(spec);
        books.inForce = from.plan();
        books.highestEpoch = Math.max(storedEpoch, from.plan().epoch());
        books.acceptedEpoch = from.plan().epoch();
        books.sealedThrough = from.nextStep() - 1;
        books.planFromStep.put(from.planFirstStep(), from.plan());
        byBridge.put(bridge, books);
    }

    void numbered(int bridge, long number) {
        byBridge.get(bridge).attempt = number;
        byAttempt.put(number, byBridge.get(bridge));
    }

    /** A bridge answered a plan. */
    void offered(int bridge, Plan plan, PlanAck ack) {
        Books books = byBridge.get(bridge);
        Verdict verdict = judge(books, plan);
        books.highestEpoch = Math.max(books.highestEpoch, plan.epoch());
        Violation.unless(
                ack.verdict() == verdict,
                Invariant.FENCE,
                () -> ack.verdict() + " should have been " + verdict + ": " + plan);
        if (verdict == Verdict.ACCEPTED) {
            Violation.unless(
                    plan.version() > books.inForce.version() && plan.epoch() >= books.acceptedEpoch,
                    Invariant.FENCE,
                    () -> "version or epoch fell: " + plan);
            plans.accepted(plan, books.inForce, books.spec);
            books.inForce = plan;
            books.acceptedEpoch = plan.epoch();
            books.accepted.add(plan.digest());
            long first = Math.max(plan.effectiveStep(), books.sealedThrough + 1);
            books.planFromStep.tailMap(first, true).clear();
            books.planFromStep.put(first, plan);
        }
        Violation.unless(
                ack.inForce().equals(books.inForce)
                        && ack.attempt() == books.attempt
                        && ack.offeredDigest().equals(plan.digest()),
                Invariant.FENCE,
                () -> "a wrong answer: " + ack);
    }

    private static Verdict judge(Books books, Plan plan) {
        if (plan.digest().equals(books.inForce.digest())) {
            return Verdict.REPEATED;
        } else if (plan.epoch() < books.highestEpoch) {
            return Verdict.STALE_EPOCH;
        } else if (plan.attempt() != books.attempt) {
            return Verdict.OTHER_ATTEMPT;
        } else if (!plan.specDigest().equals(books.spec.digest())) {
            return Verdict.OTHER_SPEC;
        } else if (plan.version() <= books.inForce.version()) {
            return Verdict.STALE_VERSION;
        } else if (!plan.replaces().equals(books.inForce.digest())) {
            return Verdict.WRONG_BASE;
        } else {
            boolean fits =
                    plan.label().isOperators()
                            ? PlanBooks.isOnSimplex(plan.mixture(), books.spec)
                            : PlanBooks.isMixture(plan.mixture(), books.spec);
            return fits ? Verdict.ACCEPTED : Verdict.BAD_MIXTURE;
        }
    }

    /** A bridge sealed steps. */
    void sealed(int bridge, Seal seal) {
        Books books = byBridge.get(bridge);
        Violation.unless(
                seal.fromStep() == books.sealedThrough + 1 && seal.throughStep() >= seal.fromStep(),
                Invariant.SEALS,
                () -> "steps through " + books.sealedThrough + " are sealed, and now " + seal);
        for (long step = seal.fromStep(); step <= seal.throughStep(); step++) {
            Violation.unless(
                    books.planFromStep.floorEntry(step).getValue().equals(seal.plan()),
                    Invariant.SEALS,
                    () -> "another plan holds for one of these steps: " + seal);
            books.planOfStep.put(step, seal.plan());
        }
        books.sealedThrough = seal.throughStep();
    }

    /** A bridge told its trainer a span. */
    void told(int bridge, Span span) {
        Books books = byBridge.get(bridge);
        for (long step = span.from(); step <= span.through(); step++) {
            Violation.unless(
                    span.sealed().plan().equals(books.planOfStep.get(step)),
                    Invariant.SEALS,
                    () -> "one of these steps was sealed with another plan: " + span);
        }
        Violation.unless(
                books.planFromStep
                        .getOrDefault(span.sealed().firstStep(), span.sealed().plan())
                        .equals(span.sealed().plan()),
                Invariant.SEALS,
                () -> "the plan does not begin at step " + span.sealed().firstStep());
    }

    /** A seal stands in the log. */
    void logged(Seal seal) {
        for (long step = seal.fromStep(); step <= seal.throughStep(); step++) {
            Violation.unless(
                    seal.plan().equals(byAttempt.get(seal.attempt()).planOfStep.get(step)),
                    Invariant.SEALS,
                    () -> "one of these steps was sealed with another plan: " + seal);
        }
    }

    /** Whether an attempt's bridge accepted a plan. */
    boolean accepted(long attempt, String digest) {
        return byAttempt.get(attempt).accepted.contains(digest);
    }
}
