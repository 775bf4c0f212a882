package io.sluice.core.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlanSequencerTest {

    private static final long EPOCH = 5;

    private final RunSpec spec =
            TestingRun.run().group("a", 0.5, 0.1, 0.9).group("b", 0.5, 0.1, 0.9).build();
    private final Attempt attempt = TestingRun.attempt(spec, 3, 100, "r0");
    private final PlanSequencer sequencer = PlanSequencer.start(spec, attempt, -1, 100);

    @Test
    void acceptsThePlanThatFollowsTheOneInForce() {
        Plan next = following(attempt.inForce(), 120);

        PlanAck ack = sequencer.offer(next);

        assertThat(ack)
                .isEqualTo(new PlanAck("run", 3, 1, next.digest(), EPOCH, Verdict.ACCEPTED, next));
        assertThat(sequencer.inForce()).isEqualTo(next);
    }

    @Test
    void repeatsAreHarmless() {
        Plan next = following(attempt.inForce(), 120);
        sequencer.offer(next);
        SequencerState before = sequencer.snapshot();

        assertThat(sequencer.offer(next).verdict()).isEqualTo(Verdict.REPEATED);
        assertThat(sequencer.snapshot()).isEqualTo(before);
    }

    @Test
    void refusesAnOlderEpoch() {
        Plan next = following(attempt.inForce(), 120);
        sequencer.offer(next);

        assertRefused(with(following(next, 130), EPOCH - 1, 3, "spec"), Verdict.STALE_EPOCH);
    }

    @Test
    void refusesAPlanOfAnotherAttempt() {
        assertRefused(
                with(following(attempt.inForce(), 120), EPOCH, 2, "spec"), Verdict.OTHER_ATTEMPT);
    }

    @Test
    void refusesAPlanOfAnotherSpec() {
        assertRefused(
                with(following(attempt.inForce(), 120), EPOCH, 3, "other"), Verdict.OTHER_SPEC);
    }

    @Test
    void refusesAVersionThatDoesNotRise() {
        Plan first = following(attempt.inForce(), 120);
        sequencer.offer(first);

        assertRefused(following(attempt.inForce(), 130), Verdict.STALE_VERSION);
    }

    @Test
    void refusesAPlanThatDoesNotFollowTheOneInForce() {
        Plan unseen = following(attempt.inForce(), 120);

        assertRefused(following(unseen, 130), Verdict.WRONG_BASE);
    }

    @Test
    void anOperatorsPlanNeedNotLieInTheBoxAndIsNotUndoneBySilence() {
        Mixture others = Mixture.of(TestingRun.ids(2), new double[] {0.5, 0.5});
        for (Plan.Label label : Plan.Label.values()) {
            if (label.isOperators()) {
                Plan outside =
                        labelled(
                                plan(sequencer.inForce(), 120, EPOCH, 3, "spec", mixture(0.95)),
                                label);

                assertThat(sequencer.offer(outside).verdict()).isEqualTo(Verdict.ACCEPTED);
                assertThat(sequencer.fallBack(TestingRun.DIGEST)).isEmpty();
                assertRefused(
                        labelled(plan(outside, 120, EPOCH, 3, "spec", others), label),
                        Verdict.BAD_MIXTURE);
            }
        }
    }

    @Test
    void refusesAMixtureOutsideTheBoxOrWithOtherGroups() {
        Plan outside = plan(attempt.inForce(), 120, EPOCH, 3, "spec", mixture(0.95));
        Mixture others = Mixture.of(TestingRun.ids(2), new double[] {0.5, 0.5});

        assertRefused(outside, Verdict.BAD_MIXTURE);
        assertRefused(plan(attempt.inForce(), 120, EPOCH, 3, "spec", others), Verdict.BAD_MIXTURE);
    }

    @Test
    void aFloorGivesWayToASupplyAndACapDoesNot() {
        Optional<Supply> supply = Optional.of(new Supply(1_000, 4));
        RunSpec repeating =
                TestingRun.run()
                        .group(new GroupSpec(new GroupId("a"), 0.5, 0.1, 0.9, supply))
                        .group("b", 0.5, 0.1, 1)
                        .build();
        PlanSequencer of = PlanSequencer.start(repeating, attempt, -1, 100);
        Plan tooMuch = plan(attempt.inForce(), 120, EPOCH, 3, "spec", mixture(0.95));
        Plan usedUp = plan(attempt.inForce(), 120, EPOCH, 3, "spec", mixture(0));

        assertThat(of.offer(tooMuch).verdict()).isEqualTo(Verdict.BAD_MIXTURE);
        assertThat(of.offer(usedUp).verdict()).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void refusedPlansStillFenceOlderControllers() {
        Plan base = following(attempt.inForce(), 120);
        sequencer.offer(base);
        Plan ofNewController = plan(attempt.inForce(), 130, EPOCH + 1, 3, "spec", mixture(0.3));

        assertThat(sequencer.offer(ofNewController).verdict()).isEqualTo(Verdict.STALE_VERSION);
        assertThat(sequencer.offer(following(base, 130)).verdict()).isEqualTo(Verdict.STALE_EPOCH);
        Plan rebased = plan(base, 130, EPOCH + 1, 3, "spec", mixture(0.3));
        assertThat(sequencer.offer(rebased).verdict()).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void epochsOfOtherRunsCountForNothing() {
        Plan next = following(attempt.inForce(), 120);
        Plan other =
                new Plan(
                        "other",
                        3,
                        EPOCH + 9,
                        "spec",
                        1,
                        1,
                        next.replaces(),
                        120,
                        next.mixture(),
                        Plan.Label.POLICY,
                        "digest");

        assertThat(sequencer.offer(other).verdict()).isEqualTo(Verdict.OTHER_SPEC);
        assertThat(sequencer.offer(next).verdict()).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void sealsOneSpanPerPlan() {
        Plan next = following(attempt.inForce(), 110);
        sequencer.offer(next);

        assertThat(sequencer.seal(104)).containsExactly(seal(100, 104, attempt.inForce(), true));
        assertThat(sequencer.seal(115))
                .containsExactly(
                        seal(105, 109, attempt.inForce(), false), seal(110, 115, next, true));
        assertThat(sequencer.seal(115)).isEmpty();
        assertThat(sequencer.seal(116)).containsExactly(seal(116, 116, next, false));
        assertThat(sequencer.planAt(109)).isEqualTo(new SealedPlan(attempt.inForce(), 100));
        assertThat(sequencer.planAt(110)).isEqualTo(new SealedPlan(next, 110));
        assertThat(sequencer.lastSealedStep()).isEqualTo(116);
    }

    @Test
    void aLatePlanBeginsAfterTheSealedSteps() {
        sequencer.seal(150);
        Plan next = following(attempt.inForce(), 110);
        sequencer.offer(next);

        assertThat(sequencer.seal(151)).containsExactly(seal(151, 151, next, true));
    }

    @Test
    void aPlanThatBeginsNoLaterSupersedesTheOneThatWaits() {
        Plan waiting = following(attempt.inForce(), 130);
        Plan sooner = following(waiting, 120);
        sequencer.offer(waiting);
        sequencer.offer(sooner);

        assertThat(sequencer.seal(140))
                .containsExactly(
                        seal(100, 119, attempt.inForce(), true), seal(120, 140, sooner, true));
    }

    @Test
    void aPlanThatBeginsLaterLetsTheOneThatWaitsHaveItsSpan() {
        Plan waiting = following(attempt.inForce(), 120);
        Plan later = following(waiting, 130);
        sequencer.offer(waiting);
        sequencer.offer(later);

        assertThat(sequencer.seal(130))
                .containsExactly(
                        seal(100, 119, attempt.inForce(), true),
                        seal(120, 129, waiting, true),
                        seal(130, 130, later, true));
    }

    @Test
    void aPlanCarriedOverARestartKeepsItsFirstStep() {
        PlanSequencer resumed = PlanSequencer.start(spec, attempt, -1, 40);

        assertThat(resumed.seal(100)).containsExactly(seal(100, 100, attempt.inForce(), true));
        assertThat(resumed.planAt(100)).isEqualTo(new SealedPlan(attempt.inForce(), 40));
        assertThatIllegalStateException().isThrownBy(() -> resumed.planAt(99));
    }

    @Test
    void fallsBackToThePriorByPlansOfItsOwnWithinTheLargestChange() {
        Plan far = plan(attempt.inForce(), 100, EPOCH, 3, "spec", mixture(0.9));
        sequencer.offer(far);
        sequencer.seal(119);

        Plan first = sequencer.fallBack(TestingRun.DIGEST).orElseThrow();

        assertThat(first.label()).isEqualTo(Plan.Label.FALLBACK);
        assertThat(first.version()).isEqualTo(far.version() + 1);
        assertThat(first.replaces()).isEqualTo(far.digest());
        assertThat(first.digest()).isEqualTo(TestingRun.DIGEST.of(first));
        assertThat(first.mixture().klFrom(far.mixture()))
                .isCloseTo(spec.guards().maxKl(), within(1e-9));
        assertThat(sequencer.inForce()).isEqualTo(first);
        assertThat(sequencer.inForceSince()).isEqualTo(120);
        assertThat(sequencer.planAt(119).plan()).isEqualTo(far);

        int more = 0;
        while (sequencer.fallBack(TestingRun.DIGEST).isPresent()) {
            more++;
        }
        assertThat(more).isBetween(1, 20);
        assertThat(sequencer.inForce().mixture().weights())
                .containsExactly(new double[] {0.5, 0.5}, within(1e-6));
    }

    @Test
    void aGroupThatWasDeclaredForLaterMayComeAndStaysInAFallback() {
        RunSpec later =
                TestingRun.run()
                        .group("a", 0.5, 0.1, 1)
                        .group("b", 0.25, 0.1, 1)
                        .group(
                                new GroupSpec(
                                        new GroupId("c"), 0.25, 0.2, 0.4, Optional.empty(), true))
                        .build();
        Attempt started = TestingRun.attempt(later, 3, 100, "r0");
        PlanSequencer bridge = PlanSequencer.start(later, started, -1, 100);
        assertThat(started.inForce().mixture().weight(2)).isZero();

        Plan come =
                plan(
                        started.inForce(),
                        100,
                        EPOCH,
                        3,
                        "spec",
                        Mixture.of(later.groupIds(), new double[] {0.6, 0.1, 0.3}));
        assertThat(bridge.offer(come).verdict()).isEqualTo(Verdict.ACCEPTED);
        Plan tooMuch =
                plan(
                        come,
                        110,
                        EPOCH,
                        3,
                        "spec",
                        Mixture.of(later.groupIds(), new double[] {0.4, 0.15, 0.45}));
        assertThat(bridge.offer(tooMuch).verdict()).isEqualTo(Verdict.BAD_MIXTURE);

        while (bridge.fallBack(TestingRun.DIGEST).isPresent()) {
            assertThat(bridge.inForce().mixture().weight(2)).isGreaterThan(0.2);
        }
        assertThat(bridge.inForce().mixture().weights())
                .containsExactly(new double[] {0.5, 0.25, 0.25}, within(1e-6));
    }

    @Test
    void aControllerGoesOnFromAFallback() {
        Plan far = plan(attempt.inForce(), 100, EPOCH, 3, "spec", mixture(0.9));
        sequencer.offer(far);
        Plan fallback = sequencer.fallBack(TestingRun.DIGEST).orElseThrow();

        assertRefused(plan(far, 130, EPOCH, 3, "spec", mixture(0.8)), Verdict.STALE_VERSION);
        assertThat(sequencer.offer(following(fallback, 130)).verdict()).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void onlySealedStepsHaveAPlan() {
        sequencer.seal(105);

        assertThatIllegalStateException().isThrownBy(() -> sequencer.planAt(99));
        assertThatIllegalStateException()
                .isThrownBy(() -> sequencer.planAt(106))
                .withMessageContaining("sealed steps 100 to 105");
    }

    @Test
    void forgetsWhatIsNoLongerAskedFor() {
        Plan plan = attempt.inForce();
        for (int i = 0; i < 1000; i++) {
            plan = following(plan, 0);
            sequencer.offer(plan);
            sequencer.seal(100 + i);
            sequencer.forgetBefore(100 + i - 5);
        }

        assertThat(sequencer.snapshot().plans()).hasSize(6);
        assertThat(sequencer.planAt(1094).firstStep()).isEqualTo(1094);
        assertThatIllegalStateException().isThrownBy(() -> sequencer.planAt(1093));
    }

    @Test
    void forgettingKeepsWhatIsNotSealedYet() {
        Plan waiting = following(attempt.inForce(), 120);
        sequencer.offer(waiting);
        sequencer.forgetBefore(1_000);

        assertThat(sequencer.seal(120))
                .containsExactly(
                        seal(100, 119, attempt.inForce(), true), seal(120, 120, waiting, true));
    }

    @Test
    void refusesAStateThatDoesNotFitTheAttempt() {
        SequencerState state = sequencer.snapshot();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                PlanSequencer.restore(
                                        spec, TestingRun.attempt(spec, 4, 100, "r0"), state));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                PlanSequencer.restore(
                                        spec, TestingRun.attempt(spec, 3, 200, "r0"), state));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanSequencer.start(spec, attempt, -1, 101));
    }

    /**
     * Good plans, replays, strangers, seals, forgetting and restores in any order: what is sealed
     * stays, and along the sealed steps (epoch, version) only rises.
     */
    @Property
    void sealedStepsNeverChangeWhateverArrives(@ForAll long seed) {
        Random random = new Random(seed);
        PlanSequencer current = PlanSequencer.start(spec, attempt, -1, 100);
        TreeMap<Long, SealedPlan> promised = new TreeMap<>();
        List<Plan> seen = new ArrayList<>(List.of(attempt.inForce()));
        long kept = 100;
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(6)) {
                case 0:
                case 1:
                    Plan base =
                            random.nextInt(4) > 0
                                    ? current.inForce()
                                    : seen.get(random.nextInt(seen.size()));
                    Plan offered =
                            plan(
                                    base,
                                    current.lastSealedStep() + random.nextInt(30) - 10,
                                    EPOCH + random.nextInt(1 + i / 20),
                                    3,
                                    "spec",
                                    mixture(0.05 + 0.9 * random.nextDouble()));
                    seen.add(offered);
                    Plan before = current.inForce();
                    PlanAck ack = current.offer(offered);
                    assertThat(ack.inForce())
                            .isEqualTo(ack.verdict() == Verdict.ACCEPTED ? offered : before);
                    break;
                case 2:
                    current.offer(seen.get(random.nextInt(seen.size())));
                    break;
                case 3:
                    long from = current.lastSealedStep() + 1;
                    for (Seal seal : current.seal(from + random.nextInt(8) - 2)) {
                        assertThat(seal.fromStep()).isEqualTo(from);
                        for (; from <= seal.throughStep(); from++) {
                            assertThat(current.planAt(from).plan()).isEqualTo(seal.plan());
                            promised.put(from, current.planAt(from));
                        }
                    }
                    break;
                case 4:
                    kept = Math.max(kept, current.lastSealedStep() - random.nextInt(20));
                    current.forgetBefore(kept);
                    break;
                default:
                    current = PlanSequencer.restore(spec, attempt, current.snapshot());
            }
            PlanSequencer now = current;
            promised.tailMap(kept)
                    .forEach((step, plan) -> assertThat(now.planAt(step)).isEqualTo(plan));
        }
        Plan last = attempt.inForce();
        for (SealedPlan next : promised.values()) {
            if (!next.plan().equals(last)) {
                assertThat(next.plan().version()).isGreaterThan(last.version());
                assertThat(next.plan().epoch()).isGreaterThanOrEqualTo(last.epoch());
            }
            last = next.plan();
        }
    }

    private void assertRefused(Plan plan, Verdict verdict) {
        Plan before = sequencer.inForce();
        PlanAck ack = sequencer.offer(plan);
        assertThat(ack.verdict()).isEqualTo(verdict);
        assertThat(ack.inForce()).isEqualTo(before);
        assertThat(sequencer.inForce()).isEqualTo(before);
    }

    private static Seal seal(long from, long through, Plan plan, boolean changesPlan) {
        return new Seal("run", 3, "spec", from, through, plan, changesPlan);
    }

    private Mixture mixture(double a) {
        return Mixture.normalised(spec.groupIds(), new double[] {a, 1 - a});
    }

    private Plan following(Plan base, long effectiveStep) {
        return plan(base, effectiveStep, EPOCH, 3, "spec", mixture(0.4));
    }

    private static Plan with(Plan plan, long epoch, long attempt, String specDigest) {
        return digested(
                new Plan(
                        plan.runId(),
                        attempt,
                        epoch,
                        specDigest,
                        plan.round(),
                        plan.version(),
                        plan.replaces(),
                        plan.effectiveStep(),
                        plan.mixture(),
                        plan.label(),
                        ""));
    }

    private static Plan labelled(Plan plan, Plan.Label label) {
        return digested(
                new Plan(
                        plan.runId(),
                        plan.attempt(),
                        plan.epoch(),
                        plan.specDigest(),
                        plan.round(),
                        plan.version(),
                        plan.replaces(),
                        plan.effectiveStep(),
                        plan.mixture(),
                        label,
                        ""));
    }

    private static Plan plan(
            Plan base,
            long effectiveStep,
            long epoch,
            long attempt,
            String specDigest,
            Mixture mixture) {
        return digested(
                new Plan(
                        "run",
                        attempt,
                        epoch,
                        specDigest,
                        base.round() + 1,
                        base.version() + 1,
                        base.digest(),
                        effectiveStep,
                        mixture,
                        Plan.Label.POLICY,
                        ""));
    }

    private static Plan digested(Plan plan) {
        return plan.withDigest(TestingRun.DIGEST.of(plan));
    }
}
