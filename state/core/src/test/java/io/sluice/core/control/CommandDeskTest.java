package io.sluice.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.CommandDesk.Heeded;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.testing.TestingCommands;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommandDeskTest {

    private final RunSpec spec =
            TestingRun.run()
                    .group("a", 0.5, 0.1, 0.9)
                    .group("b", 0.25, 0.05, 1)
                    .group("c", 0.25, 0, 0.5)
                    .build();
    private Overrides overrides = Overrides.NONE;

    @Test
    void aPinFixesAShareAndAnUnpinFreesIt() {
        assertAccepted(heed(TestingCommands.pin("1", Map.of("a", 0.95))));
        assertThat(overrides.box(spec).project(new double[] {0.5, 0.25, 0.25})[0]).isEqualTo(0.95);
        assertThat(overrides.standing()).extracting(Standing::command).containsExactly("1");

        assertAccepted(heed(TestingCommands.of("2", Kind.UNPIN)));
        assertThat(overrides.pins()).isEmpty();
        assertThat(overrides.exclusions()).isEmpty();
        assertThat(overrides.standing()).isEmpty();
    }

    @Test
    void aPinThatLeavesNoMixtureIsRefusedAndTheOthersStay() {
        heed(TestingCommands.pin("1", Map.of("a", 0.5)));

        assertRefused(
                heed(TestingCommands.pin("2", Map.of("b", 0.6))),
                "no mixture fits: floors sum to 1.1");

        assertThat(overrides.pins().values()).extracting(Overrides.Pin::share).containsOnly(0.5);
        assertThat(overrides.standing()).extracting(Standing::command).containsExactly("1");
    }

    @Test
    void aChangedPolicyKeepsSuppliesAndGuardsThatItDoesNotName() {
        Optional<Supply> supply = Optional.of(new Supply(1_000, 4));
        RunSpec declared =
                TestingRun.run()
                        .group(new GroupSpec(new GroupId("a"), 0.5, 0.1, 0.9, supply))
                        .group("b", 0.5, 0, 1)
                        .guards(new GuardSpec(0.2, 0.1, 0.4, 3, 5, 0.05, 7, 20, 9_000))
                        .build();

        RunSpec ruling =
                new PolicyChange(
                                Optional.empty(),
                                new TreeMap<>(),
                                new TreeMap<>(),
                                OptionalDouble.of(0.3),
                                OptionalDouble.empty())
                        .applyTo(declared);

        assertThat(ruling.guards())
                .isEqualTo(new GuardSpec(0.2, 0.3, 0.4, 3, 5, 0.05, 7, 20, 9_000));
        assertThat(ruling.groups()).isEqualTo(declared.groups());
    }

    /** Reducers compare what the declaration asks for. */
    @Test
    void aPolicyThatAsksMoreOfSketchesThanTheDeclarationIsRefused() {
        CommandDesk plain = new CommandDesk(gradients(Map.of()));
        CommandDesk fisher = new CommandDesk(gradients(Map.of("fisher", 0.5)));

        for (Map<String, Double> options :
                List.of(Map.of("fisher", 0.5), Map.of("redundancy", 1.0))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plain.check(tikmix(options)))
                    .withMessageContaining("does not have sketches compared as these options ask");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fisher.check(tikmix(Map.of("fisher", 0.4))));
        assertThatCode(() -> fisher.check(tikmix(Map.of("fisher", 0.5))))
                .doesNotThrowAnyException();
        assertThatCode(() -> fisher.check(tikmix(Map.of()))).doesNotThrowAnyException();
    }

    private static RunSpec gradients(Map<String, Double> options) {
        return TestingRun.ofPriors(.5, .5)
                .target("t", 1)
                .policy(PolicySpec.of("dga", options))
                .build();
    }

    private static OperatorCommand tikmix(Map<String, Double> options) {
        return TestingCommands.change(
                "1",
                new PolicyChange(
                        Optional.of(PolicySpec.of("tikmix-d", options)),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()));
    }

    @Test
    void aLaterPinOfTheSameGroupTakesItsPlace() {
        heed(TestingCommands.pin("1", Map.of("a", 0.5)));
        heed(TestingCommands.pin("2", Map.of("a", 0.4)));

        assertThat(overrides.pins().values()).extracting(Overrides.Pin::share).containsOnly(0.4);
        assertThat(overrides.standing()).extracting(Standing::command).containsExactly("2");
    }

    @Test
    void anExcludedGroupHasNoShareWhateverItsFloorOrItsPin() {
        heed(TestingCommands.pin("1", Map.of("a", 0.5)));
        assertAccepted(heed(TestingCommands.groups("2", Kind.EXCLUDE, "a")));

        double[] weights = overrides.box(spec).project(new double[] {0.5, 0.25, 0.25});
        assertThat(weights[0]).isZero();
        assertThat(weights[1] + weights[2]).isCloseTo(1, within(1e-12));
        assertThat(overrides.pins()).isEmpty();
        assertRefused(
                heed(TestingCommands.pin("3", Map.of("a", 0.5))),
                "group a is excluded: include it first");
    }

    @Test
    void theLastGroupsCannotBeExcluded() {
        assertRefused(
                heed(TestingCommands.groups("1", Kind.EXCLUDE, "a", "b")),
                "no mixture fits: floors sum to 0.0 and caps to 0.5");
        assertRefused(
                heed(TestingCommands.groups("2", Kind.EXCLUDE, "a", "b", "c")),
                "no mixture fits: floors sum to 0.0 and caps to 0.0");
        assertThat(overrides.standing()).isEmpty();
    }

    @Test
    void whatDoesNotHoldCannotBeUndone() {
        assertRefused(heed(TestingCommands.of("1", Kind.UNPIN)), "no group is pinned");
        assertRefused(heed(TestingCommands.of("2", Kind.UNFREEZE)), "the run is not frozen");
        assertRefused(
                heed(TestingCommands.groups("3", Kind.INCLUDE, "a")), "group a is not excluded");
        heed(TestingCommands.pin("4", Map.of("a", 0.5)));
        assertRefused(heed(TestingCommands.groups("5", Kind.UNPIN, "b")), "group b is not pinned");
    }

    @Test
    void aCommandEndsByItselfWithTheStepThatItNames() {
        overrides =
                overrides.offered(TestingCommands.until(120, TestingCommands.of("1", Kind.FREEZE)));
        assertThat(decide(100).report().outcomes().get(0).accepted()).isTrue();
        assertThat(decide(119).report().ended()).isEmpty();

        Heeded heeded = decide(120);

        assertThat(heeded.report().ended()).containsExactly("1");
        assertThat(heeded.report().standing()).isEmpty();
        assertThat(overrides.freeze()).isEmpty();
    }

    @Test
    void aCommandThatWouldHaveEndedIsRefused() {
        overrides =
                overrides.offered(TestingCommands.until(100, TestingCommands.of("1", Kind.FREEZE)));

        assertRefused(decide(100), "it was to end before step 100");
    }

    @Test
    void anEndThatWouldLeaveNoMixtureWaitsUntilItDoes() {
        overrides =
                overrides
                        .offered(
                                TestingCommands.until(
                                        120, TestingCommands.groups("1", Kind.EXCLUDE, "a")))
                        .offered(TestingCommands.pin("2", Map.of("b", 0.95)))
                        .offered(TestingCommands.groups("3", Kind.EXCLUDE, "c"));
        overrides = overrides.edit().waiting(overrides.waiting().subList(0, 2)).build();
        decide(100);

        // With its floor of 0.1 group a has no room beside the pin.
        assertThat(decide(120).report().ended()).isEmpty();
        overrides = overrides.offered(TestingCommands.of("4", Kind.UNPIN));
        decide(130);
        assertThat(decide(140).report().ended()).containsExactly("1");
    }

    @Test
    void aDecisionHeedsFourCommandsInTheirOrder() {
        for (int i = 0; i < 6; i++) {
            overrides = overrides.offered(TestingCommands.pin("c" + i, Map.of("a", 0.3)));
        }

        assertThat(decide(100).report().outcomes())
                .extracting(Outcome::command)
                .containsExactly("c0", "c1", "c2", "c3");
        assertThat(decide(110).report().outcomes())
                .extracting(Outcome::command)
                .containsExactly("c4", "c5");
    }

    @Test
    void aFreezeWaitsUntilWhatWasAskedBeforeItHadItsPlan() {
        overrides =
                overrides
                        .offered(TestingCommands.pin("1", Map.of("a", 0.3)))
                        .offered(TestingCommands.of("2", Kind.FREEZE));

        assertThat(decide(100).report().outcomes())
                .extracting(Outcome::command)
                .containsExactly("1");
        assertThat(decide(110).report().outcomes())
                .extracting(Outcome::command)
                .containsExactly("2");
    }

    @Test
    void aRollbackOfAFrozenOrObservingRunIsRefused() {
        heed(TestingCommands.of("1", Kind.FREEZE));
        assertRefused(
                heed(TestingCommands.rollback("2", spec.prior())),
                "the run is frozen: unfreeze it first");

        RunSpec observing = TestingRun.ofPriors(0.5, 0.5).mode(Mode.OBSERVE).build();
        Overrides asked = Overrides.NONE.offered(TestingCommands.rollback("3", observing.prior()));
        Heeded heeded = new CommandDesk(observing).heed(asked, CatalogNews.NONE, 100, List.of());
        assertRefused(heeded, "the run observes only");
    }

    @Test
    void noMoreCommandsHoldThanADecisionCanName() {
        RunSpec many = TestingRun.ofPriors(equal(40)).build();
        CommandDesk desk = new CommandDesk(many);
        Overrides now = Overrides.NONE;
        for (int j = 0; j < Overrides.MAX_STANDING; j++) {
            now = now.offered(TestingCommands.groups("c" + j, Kind.EXCLUDE, TestingRun.id(j)));
            now = desk.heed(now, CatalogNews.NONE, 100, List.of()).overrides();
        }
        now = now.offered(TestingCommands.groups("more", Kind.EXCLUDE, TestingRun.id(39)));

        assertRefused(
                desk.heed(now, CatalogNews.NONE, 100, List.of()),
                Overrides.MAX_STANDING + " commands hold already");
    }

    @Test
    void aNewDeclarationKeepsWhatFitsItAndTellsOfTheRest() {
        heed(TestingCommands.pin("1", Map.of("a", 0.5)));
        heed(TestingCommands.groups("2", Kind.EXCLUDE, "c"));
        heed(TestingCommands.policy("3", "static"));
        RunSpec other = TestingRun.run().group("a", 0.5, 0, 1).group("d", 0.5, 0, 1).build();

        Overrides under = overrides.under(other, other.prior());

        assertThat(under.pins()).hasSize(1);
        assertThat(under.exclusions()).isEmpty();
        assertThat(under.policy()).isEmpty();
        Heeded heeded = new CommandDesk(other).heed(under, CatalogNews.NONE, 100, List.of());
        assertThat(heeded.report().ended()).containsExactly("2", "3");
        assertThat(heeded.report().standing()).extracting(Standing::command).containsExactly("1");
    }

    @Test
    void aCommandIsKnownWhileItWaitsWhileItHoldsAndAfterwards() {
        OperatorCommand command = TestingCommands.of("1", Kind.UNFREEZE);
        assertThat(overrides.knows(command)).isFalse();
        overrides = overrides.offered(command);
        assertThat(overrides.knows(command)).isTrue();
        decide(100);
        assertThat(overrides.knows(command)).isTrue();
    }

    private Heeded heed(OperatorCommand command) {
        overrides = overrides.offered(command);
        return decide(100);
    }

    private Heeded decide(long step) {
        Heeded heeded = new CommandDesk(spec).heed(overrides, CatalogNews.NONE, step, List.of());
        overrides = heeded.overrides();
        return heeded;
    }

    private static void assertAccepted(Heeded heeded) {
        assertThat(heeded.report().outcomes()).extracting(Outcome::accepted).containsExactly(true);
    }

    private static void assertRefused(Heeded heeded, String message) {
        assertThat(heeded.report().outcomes()).hasSize(1);
        assertThat(heeded.report().outcomes().get(0).accepted()).isFalse();
        assertThat(heeded.report().outcomes().get(0).message()).startsWith(message);
    }

    private static double[] equal(int m) {
        double[] priors = new double[m];
        Arrays.fill(priors, 1.0 / m);
        return priors;
    }
}
