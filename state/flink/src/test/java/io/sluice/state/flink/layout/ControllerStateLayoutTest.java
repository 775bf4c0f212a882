package io.sluice.state.flink.layout;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.Overrides;
import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.Lineage;
import io.sluice.core.controller.SignalCounts;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.ShardRound;
import io.sluice.state.flink.Layout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

class ControllerStateLayoutTest extends LayoutContract<ControllerState> {

    private static final Lineage LINEAGE =
            new Lineage(
                    new TreeSet<>(List.of(39L, 40L)),
                    new TreeMap<>(Map.of(12L, 11L, 39L, 39L)),
                    new TreeSet<>(List.of(50L)));

    @Override
    Layout<ControllerState> layout() {
        return ControllerStateLayout.INSTANCE;
    }

    @Override
    ControllerState realistic() {
        return state(
                TestingState.spec(),
                List.of("ab".repeat(32), "cd".repeat(32)),
                new ShardRoundLayoutTest().realistic(),
                new Basis(Basis.Kind.RETURNED, 39),
                LINEAGE,
                new GuardMemoryLayoutTest().realistic(),
                new OverridesLayoutTest().realistic(),
                new CatalogNewsLayoutTest().realistic(),
                new SignalCounts(new ShardRound.Counts(4_096, 3, 2), 96, 3_072));
    }

    @Override
    ControllerState stored(int version) {
        List<String> latest = List.of(TestingState.plan().digest());
        GuardMemory none = GuardMemory.empty(3, 2);
        Basis returned = new Basis(Basis.Kind.RETURNED, 39);
        ControllerState now = realistic();
        return switch (version) {
            case 1 ->
                    state(
                            TestingState.plainSpec(),
                            latest,
                            ShardRoundLayoutTest.complete(),
                            new Basis(Basis.Kind.NEW, 0),
                            Lineage.EMPTY,
                            none,
                            Overrides.NONE,
                            CatalogNews.NONE,
                            SignalCounts.NONE);
            case 2 ->
                    state(
                            TestingState.plainSpec(),
                            latest,
                            ShardRoundLayoutTest.complete(),
                            returned,
                            LINEAGE,
                            none,
                            Overrides.NONE,
                            CatalogNews.NONE,
                            SignalCounts.NONE);
            case 3 ->
                    state(
                            TestingState.plainSpec(),
                            now.unanswered(),
                            ShardRoundLayoutTest.complete(),
                            returned,
                            LINEAGE,
                            none,
                            Overrides.NONE,
                            CatalogNews.NONE,
                            SignalCounts.NONE);
            case 4 ->
                    state(
                            TestingState.suppliedSpec(),
                            now.unanswered(),
                            ShardRoundLayoutTest.complete(),
                            returned,
                            LINEAGE,
                            now.guards(),
                            OverridesLayoutTest.first(now.overrides()),
                            CatalogNews.NONE,
                            SignalCounts.NONE);
            case 5 ->
                    state(
                            TestingState.wholeRoundsSpec(),
                            now.unanswered(),
                            ShardRoundLayoutTest.complete(),
                            returned,
                            LINEAGE,
                            now.guards(),
                            now.overrides(),
                            now.catalog(),
                            SignalCounts.NONE);
            case 6 ->
                    state(
                            now.spec(),
                            now.unanswered(),
                            new ShardRoundLayoutTest().stored(2),
                            returned,
                            LINEAGE,
                            now.guards(),
                            now.overrides(),
                            now.catalog(),
                            now.counts());
            default -> now;
        };
    }

    private static ControllerState state(
            RunSpec spec,
            List<String> unanswered,
            ShardRound pending,
            Basis basis,
            Lineage lineage,
            GuardMemory guards,
            Overrides overrides,
            CatalogNews catalog,
            SignalCounts counts) {
        return new ControllerState(
                spec,
                TestingState.attempt(),
                TestingState.plan(),
                unanswered,
                41,
                new AlignmentAverages(
                        new boolean[] {true, false, true},
                        new double[][] {{0.25, 0, -0.125}, {0.5, 0, 0.0625}},
                        new double[][] {{0.001, 0, 0.002}, {0.003, 0, 0.004}}),
                new PolicyMemory(
                        new TreeMap<>(
                                Map.of(
                                        "weights",
                                        new double[] {0.5, 0.25, 0.25},
                                        "momentum",
                                        new double[0]))),
                List.of(pending),
                basis,
                lineage,
                guards,
                overrides,
                catalog,
                counts);
    }

    @Override
    List<ControllerState> extremes() {
        RunSpec spec = TestingState.largest();
        Attempt attempt =
                new Attempt(spec.runId(), 0, "", 0, List.of("r0"), TestingState.largestPlan());
        ControllerState fresh = ControllerState.start(spec, attempt);
        double[] vector = new double[TestingState.MOST];
        vector[0] = Double.NEGATIVE_INFINITY;
        vector[1] = -0.0;
        ControllerState full =
                new ControllerState(
                        spec,
                        attempt,
                        attempt.inForce(),
                        Collections.nCopies(ControllerState.MAX_UNANSWERED, ""),
                        Long.MAX_VALUE,
                        new AlignmentAverages(
                                new boolean[TestingState.MOST],
                                new double[][] {vector},
                                new double[][] {vector}),
                        new PolicyMemory(new TreeMap<>(Map.of("", vector))),
                        new ShardRoundLayoutTest().extremes(),
                        new Basis(Basis.Kind.RESET, Long.MAX_VALUE),
                        Lineage.EMPTY,
                        new GuardMemoryLayoutTest().extremes().get(1),
                        new OverridesLayoutTest().full(),
                        new CatalogNewsLayoutTest().extremes().get(1),
                        new SignalCounts(
                                new ShardRound.Counts(
                                        Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                                Long.MAX_VALUE,
                                Long.MAX_VALUE));
        return List.of(fresh, full);
    }
}
