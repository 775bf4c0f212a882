package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.catalog.GroupNews.State;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Outcome;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.core.testing.TestingCommands;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Groups that come into the mixture of a running run, and leave it. */
class ControllerGroupsTest {

    private static final double EVEN = 0.1;

    private RunSpec spec = run().build();
    private Controller controller;
    private ControllerState state;
    private long round;

    ControllerGroupsTest() {
        begin(run());
    }

    @Test
    void aDormantGroupHasNoShareAndTheOthersStandForTheWhole() {
        assertThat(spec.prior().weights())
                .containsExactly(new double[] {0.625, 0.375, 0, 0}, within(1e-15));

        Decision decision = decide(Map.of(0, 0.3, 1, -0.3));

        Plan plan = decision.plan().orElseThrow();
        assertThat(plan.label()).isEqualTo(Plan.Label.POLICY);
        assertThat(plan.mixture().weight(0)).isGreaterThan(0.625);
        assertThat(plan.mixture().weight(2)).isZero();
        assertThat(decision.groups().get(2).present()).isFalse();
        assertThat(decision.groups().get(1).present()).isTrue();
    }

    @Test
    void anAddedGroupBeginsWithItsPriorShareAndTheOthersKeepTheirRatios() {
        decide(Map.of(0, 0.3, 1, -0.3));
        double ratio = weight(0) / weight(1);

        give("1", Kind.ADD_GROUP, "g002");
        Plan plan = decide(Map.of(0, EVEN, 1, EVEN)).plan().orElseThrow();

        assertThat(plan.label()).isEqualTo(Plan.Label.GROUPS);
        assertThat(plan.mixture().weight(2)).isEqualTo(0.15 / 0.95, within(1e-15));
        assertThat(plan.mixture().weight(3)).isZero();
        assertThat(weight(0) / weight(1)).isEqualTo(ratio, within(1e-12));
        assertThat(state.overrides().ruling(spec).prior().weight(2))
                .isEqualTo(0.15 / 0.95, within(1e-15));
    }

    @Test
    void aGroupWithoutEvidenceIsNotJudgedAndTheRoundHoldsWhereItHoldsTheMost() {
        RunSpec small =
                TestingRun.run()
                        .group("a", 0.4, 0, 1)
                        .group(dormant("b", 0.6))
                        .target("t", 1)
                        .policy(PolicySpec.of("dga"))
                        .dimension(8191)
                        .build();
        begin(small);
        decide(Map.of(0, EVEN));
        give("1", Kind.ADD_GROUP, "b");
        decide(Map.of(0, EVEN));

        Decision unknown = decide(Map.of(0, 0.5));

        assertThat(unknown.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.THIN_GROUPS);
        assertThat(decide(Map.of(0, 0.5, 1, -0.5)).plan().orElseThrow().mixture().weight(0))
                .isGreaterThan(0.4);
    }

    @Test
    void aRetiredGroupGivesItsShareToTheOthersAndIsForgotten() {
        decide(Map.of(0, EVEN, 1, EVEN));
        assertThat(state.averages().measured()[1]).isTrue();
        give("1", Kind.ADD_GROUP, "g002");
        decide(Map.of(0, EVEN, 1, EVEN));
        double ratio = weight(0) / weight(2);

        give("2", Kind.RETIRE_GROUP, "g001");
        Plan plan = decide(Map.of(0, EVEN, 1, EVEN, 2, EVEN)).plan().orElseThrow();

        assertThat(plan.label()).isEqualTo(Plan.Label.GROUPS);
        assertThat(plan.mixture().weight(1)).isZero();
        assertThat(weight(0) / weight(2)).isEqualTo(ratio, within(1e-12));
        decide(Map.of(0, EVEN, 2, EVEN));
        assertThat(weight(1)).isZero();

        give("3", Kind.ADD_GROUP, "g001");
        decide(Map.of(0, EVEN, 2, EVEN));

        assertThat(weight(1)).isEqualTo(0.3 / 0.95, within(1e-15));
        assertThat(state.averages().measured()[1]).isFalse();
        assertThat(state.guards().drawn()[1]).isEqualTo(3000);
    }

    @Test
    void aRetiredGroupHasNoPartInThePolicyAnyMore() {
        begin(run().policy(PolicySpec.of("odm-floored")).build());
        give("1", Kind.RETIRE_GROUP, "g001");
        give("2", Kind.ADD_GROUP, "g002");
        give("3", Kind.ADD_GROUP, "g003");
        decide(Map.of(0, EVEN, 1, EVEN));

        Decision decision = decide(Map.of(0, EVEN, 2, EVEN, 3, EVEN));

        assertThat(decision.groups().get(1).proposed()).isLessThan(1e-200);
        assertThat(decision.groups().get(0).proposed()).isEqualTo(1.0 / 3, within(0.1));
        assertThat(weight(1)).isZero();
    }

    @Test
    void commandsThatCannotBeAreRefusedAndChangeNothing() {
        refused("1", Kind.ADD_GROUP, "g000", "group g000 is in the mixture already");
        refused("2", Kind.RETIRE_GROUP, "g002", "group g002 is not in the mixture: add it first");
        refused("3", Kind.EXCLUDE, "g002", "group g002 is not in the mixture: add it first");
        give("4", Kind.RETIRE_GROUP, "g000");
        accepted(decide(Map.of(0, EVEN, 1, EVEN)));
        refused(
                "5",
                Kind.RETIRE_GROUP,
                "g001",
                "every group is dormant: at least one must be in the mixture");
        assertThat(weight(1)).isEqualTo(1);
    }

    @Test
    void aFloorOfAGroupThatComesHoldsAndACapToo() {
        begin(
                TestingRun.run()
                        .group("a", 0.5, 0, 1)
                        .group("b", 0.2, 0.1, 1)
                        .group(
                                new GroupSpec(
                                        new GroupId("c"), 0.3, 0.2, 0.35, Optional.empty(), true))
                        .policy(PolicySpec.of("static"))
                        .build());
        give("1", Kind.ADD_GROUP, "c");
        decide(Map.of(0, EVEN, 1, EVEN));
        assertThat(weight(2)).isEqualTo(0.3, within(1e-12));

        give("2", Kind.RETIRE_GROUP, "b");
        decide(Map.of(0, EVEN, 1, EVEN, 2, EVEN));

        assertThat(weight(2)).isEqualTo(0.35, within(1e-12));
    }

    @Test
    void whatCameAndLeftOutlivesAttemptsAndComesAnewWhereACheckpointLacksIt() {
        Plan before = state.inForce();
        give("1", Kind.ADD_GROUP, "g002");
        decide(Map.of(0, EVEN, 1, EVEN));
        assertThat(weight(2)).isPositive();

        state =
                controller.start(
                        Optional.of(state),
                        new Attempt("run", 2, "spec", 0, List.of("r0"), before));
        round = 0;
        Decision resumed = decide(2, Map.of(0, EVEN, 1, EVEN));

        assertThat(resumed.groups().get(2).present()).isTrue();
        assertThat(weight(2)).isEqualTo(0.15 / 0.95, within(1e-15));
    }

    @Test
    void aCatalogsWordMovesGroupsOnceAndAnOperatorsStandsUntilTheNext() {
        begin(run().catalog("books").build());
        Decision announced = decide(Map.of(0, EVEN, 1, EVEN), news("g002", State.ACTIVE));

        assertThat(announced.plan().orElseThrow().label()).isEqualTo(Plan.Label.GROUPS);
        assertThat(announced.groups().get(2).news().state()).isEqualTo(State.ACTIVE);
        assertThat(weight(2)).isEqualTo(0.15 / 0.95, within(1e-15));

        give("1", Kind.RETIRE_GROUP, "g002");
        accepted(decide(Map.of(0, EVEN, 1, EVEN), news("g002", State.ACTIVE)));
        assertThat(weight(2)).isZero();
        decide(Map.of(0, EVEN, 1, EVEN), news("g002", State.ACTIVE));
        assertThat(weight(2)).isZero();

        decide(Map.of(0, EVEN, 1, EVEN), news("g002", State.EXCLUDED));
        decide(Map.of(0, EVEN, 1, EVEN), news("g002", State.ACTIVE));
        assertThat(weight(2)).isPositive();
    }

    @Test
    void aCatalogThatWouldLeaveNothingIsNotHeeded() {
        begin(run().catalog("books").build());
        TreeMap<GroupId, GroupNews> gone = new TreeMap<>();
        gone.putAll(news("g000", State.RETIRED).groups());
        gone.putAll(news("g001", State.RETIRED).groups());

        decide(Map.of(0, EVEN, 1, EVEN), new CatalogNews(gone));

        assertThat(weight(0)).isZero();
        assertThat(weight(1)).isEqualTo(1);

        gone.putAll(news("g003", State.ACTIVE).groups());
        decide(Map.of(1, EVEN), new CatalogNews(gone));
        assertThat(weight(1)).isZero();
        assertThat(weight(3)).isEqualTo(1);
    }

    @Test
    void aSupplyThatIsToldTakesThePlaceOfTheDeclaredOne() {
        begin(run().catalog("books").build());
        decide(Map.of(0, EVEN, 1, EVEN));

        Decision scarce = decide(Map.of(0, EVEN, 1, EVEN), supply("g000", 100, 5));

        // 16 epochs of 100 tokens are to be had; 2,000 were drawn, and as many again are to come.
        assertThat(scarce.plan().orElseThrow().label()).isEqualTo(Plan.Label.CAP);
        assertThat(weight(0)).isZero();
        assertThat(scarce.groups().get(0).news())
                .isEqualTo(new GroupNews(State.UNKNOWN, OptionalLong.of(100), 5));
        assertThat(scarce.groups().get(0).drawn()).isEqualTo(2000);

        // An older record changes nothing; a later one brings the group back.
        decide(Map.of(1, EVEN), supply("g000", 1_000_000, 4));
        assertThat(weight(0)).isZero();
        Plan back = decide(Map.of(1, EVEN), supply("g000", 1_000_000, 6)).plan().orElseThrow();
        assertThat(back.label()).isEqualTo(Plan.Label.GROUPS);
        assertThat(weight(0)).isEqualTo(0.625, within(1e-15));
    }

    @Test
    void aGroupThatIsAnnouncedBeforeItHasDocumentsComesWithThem() {
        begin(run().catalog("books").build());
        TreeMap<GroupId, GroupNews> announced = new TreeMap<>();
        announced.put(new GroupId("g002"), new GroupNews(State.ACTIVE, OptionalLong.of(0), 1));
        decide(Map.of(0, EVEN, 1, EVEN));

        decide(Map.of(0, EVEN, 1, EVEN), new CatalogNews(announced));
        assertThat(weight(2)).isZero();
        assertThat(state.overrides().membership().added()).hasSize(1);

        decide(Map.of(0, EVEN, 1, EVEN), supply("g002", 1_000_000, 2));
        assertThat(weight(2)).isEqualTo(0.15 / 0.95, within(1e-15));
    }

    @Test
    void suppliesOfNothingAtAllBindNothing() {
        begin(run().catalog("books").build());
        decide(Map.of(0, EVEN, 1, EVEN));
        TreeMap<GroupId, GroupNews> nothing = new TreeMap<>();
        nothing.putAll(supply("g000", 0, 1).groups());
        nothing.putAll(supply("g001", 0, 1).groups());

        decide(Map.of(0, EVEN, 1, EVEN), new CatalogNews(nothing));

        assertThat(weight(0) + weight(1)).isEqualTo(1, within(1e-12));
        assertThat(weight(0)).isPositive();
    }

    /** Whatever comes and goes, there is a mixture of exactly the groups that are in. */
    @Property(tries = 60)
    void everyPolicyStaysOnTheSimplexOfTheGroupsThatAreIn(@ForAll @IntRange(max = 1000) int seed) {
        List<String> names =
                PolicyCatalog.names().stream().filter(n -> !n.equals("schedule")).toList();
        begin(run().policy(PolicySpec.of(names.get(seed % names.size()))).build());
        Random dice = new Random(seed);
        for (int i = 0; i < 30; i++) {
            if (dice.nextInt(3) == 0) {
                Kind kind = dice.nextBoolean() ? Kind.ADD_GROUP : Kind.RETIRE_GROUP;
                give("c" + i, kind, TestingRun.id(dice.nextInt(4)));
            }
            Map<Integer, Double> cosines = new HashMap<>();
            for (int j = 0; j < 4; j++) {
                if (weight(j) > 0 || dice.nextInt(4) == 0) {
                    cosines.put(j, dice.nextDouble() - 0.5);
                }
            }
            Decision decision = decide(cosines);
            double sum = 0;
            for (int j = 0; j < 4; j++) {
                assertThat(decision.groups().get(j).present() || weight(j) == 0).isTrue();
                assertThat(decision.groups().get(j).proposed()).isFinite();
                sum += weight(j);
            }
            assertThat(sum).isEqualTo(1, within(1e-12));
        }
    }

    private static TestingRun run() {
        return TestingRun.run()
                .group("g000", 0.5, 0, 1)
                .group("g001", 0.3, 0, 1)
                .group(dormant("g002", 0.15))
                .group(dormant("g003", 0.05))
                .target("t", 1)
                .policy(PolicySpec.of("dga"))
                .dimension(8191);
    }

    private static GroupSpec dormant(String id, double prior) {
        return new GroupSpec(new GroupId(id), prior, 0, 1, Optional.empty(), true);
    }

    private void begin(TestingRun run) {
        begin(run.build());
    }

    private void begin(RunSpec declared) {
        spec = declared;
        controller = new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        state = ControllerState.start(spec, TestingRun.attempt(spec, 1, 0, "r0"));
        round = 0;
    }

    private void give(String id, Kind kind, String group) {
        state = controller.command(state, TestingCommands.groups(id, kind, group)).state();
    }

    private void refused(String id, Kind kind, String group, String why) {
        double[] before = state.inForce().mixture().weights();
        give(id, kind, group);
        Map<Integer, Double> drawn = new HashMap<>();
        for (int j = 0; j < before.length; j++) {
            if (before[j] > 0) {
                drawn.put(j, EVEN);
            }
        }
        Outcome outcome = decide(drawn).commands().outcomes().get(0);
        assertThat(outcome.accepted()).isFalse();
        assertThat(outcome.message()).isEqualTo(why);
    }

    private static void accepted(Decision decision) {
        assertThat(decision.commands().outcomes()).allMatch(Outcome::accepted);
    }

    private double weight(int j) {
        return state.inForce().mixture().weight(j);
    }

    private Decision decide(Map<Integer, Double> cosines) {
        return decide(1, cosines);
    }

    private Decision decide(long attempt, Map<Integer, Double> cosines) {
        return decide(attempt, cosines, CatalogNews.NONE);
    }

    private Decision decide(Map<Integer, Double> cosines, CatalogNews news) {
        return decide(1, cosines, news);
    }

    private Decision decide(long attempt, Map<Integer, Double> cosines, CatalogNews news) {
        Controller.Step step = controller.round(state, round(attempt, cosines), 5, news);
        state = step.state();
        round++;
        assertThat(step.decisions()).hasSize(1);
        return step.decisions().get(0);
    }

    private static CatalogNews news(String group, State said) {
        return new CatalogNews(
                new TreeMap<>(
                        Map.of(new GroupId(group), new GroupNews(said, OptionalLong.empty(), -1))));
    }

    private static CatalogNews supply(String group, long tokens, long version) {
        return new CatalogNews(
                new TreeMap<>(
                        Map.of(
                                new GroupId(group),
                                new GroupNews(State.UNKNOWN, OptionalLong.of(tokens), version))));
    }

    /** A complete round in which some groups were drawn and have these cosines, without noise. */
    private ShardRound round(long attempt, Map<Integer, Double> cosines) {
        List<GroupRound> groups = new ArrayList<>();
        new TreeMap<>(cosines)
                .forEach(
                        (j, cosine) ->
                                groups.add(
                                        new GroupRound(
                                                j,
                                                1000,
                                                100,
                                                2000,
                                                4000,
                                                Optional.of(
                                                        new GroupGradient(
                                                                new SquaredNorm(1, 1),
                                                                new double[] {cosine},
                                                                new double[1])))));
        List<TargetRound> targets =
                spec.targets().isEmpty()
                        ? List.of()
                        : List.of(
                                new TargetRound(
                                        0, 1000, 100, 2000, Optional.of(new SquaredNorm(1, 1))));
        return new ShardRound(
                "run",
                "spec",
                attempt,
                round,
                round,
                0,
                10 * round + 9,
                Status.COMPLETE,
                groups,
                targets,
                List.of(),
                1e-3,
                Counts.ZERO);
    }
}
