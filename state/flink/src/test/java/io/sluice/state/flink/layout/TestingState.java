package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** A run as it would be stored, and one of the largest size. */
final class TestingState {

    static final String RUN = "pt-1b-2026-11";
    static final String SPEC_DIGEST = "c0ffee".repeat(10) + "0000";

    private static final RoundSpec WHOLE_ROUNDS = new RoundSpec(200, 4, 1_000);

    /** Most groups of a run. */
    static final int MOST = RunSpec.MAX_GROUPS;

    private TestingState() {}

    /** A run with every field away from its default. */
    static RunSpec spec() {
        return spec(
                List.of(
                        new GroupSpec(
                                new GroupId("en_novels"),
                                0.5,
                                0.05,
                                0.9,
                                Optional.of(new Supply(1_000_000, 4))),
                        new GroupSpec(new GroupId("es"), 0.3, 0.02, 0.8),
                        new GroupSpec(
                                new GroupId("python"), 0.2, 0.02, 0.6, Optional.empty(), true)),
                new TargetSpec(new TargetId("jargon"), 0.25, OptionalDouble.of(2.5)),
                new GuardSpec(0.05, 0.02, 0.25, 12, 24, 0.001, 3, 12, 7_000_000),
                new RoundSpec(200, 4, 1_000, 0.75),
                Optional.of("books"));
    }

    /** The same as it could be said before rounds were decided on without some reporters. */
    static RunSpec wholeRoundsSpec() {
        RunSpec now = spec();
        return spec(now.groups(), now.targets().get(0), now.guards(), WHOLE_ROUNDS, now.catalog());
    }

    /** The same as it could be said before groups came and left, and followed catalogs. */
    static RunSpec suppliedSpec() {
        RunSpec now = spec();
        return spec(
                now.groups().stream().map(group -> group.withDormant(false)).toList(),
                now.targets().get(0),
                now.guards(),
                WHOLE_ROUNDS,
                Optional.empty());
    }

    /** The same as it could be said before groups had supplies. */
    static RunSpec plainSpec() {
        return spec(
                List.of(
                        new GroupSpec(new GroupId("en_novels"), 0.5, 0.05, 0.9),
                        new GroupSpec(new GroupId("es"), 0.3, 0.02, 0.8),
                        new GroupSpec(new GroupId("python"), 0.2, 0.02, 0.6)),
                new TargetSpec(new TargetId("jargon"), 0.25),
                new GuardSpec(0.05, 0.02, 0.25, 12, 24),
                WHOLE_ROUNDS,
                Optional.empty());
    }

    private static RunSpec spec(
            List<GroupSpec> groups,
            TargetSpec first,
            GuardSpec guards,
            RoundSpec rounds,
            Optional<String> catalog) {
        return new RunSpec(
                RUN,
                groups,
                List.of(first, new TargetSpec(new TargetId("pt"), 0.75)),
                PolicySpec.of("dga", Map.of("eta", 0.4, "weight-ema", 0.5)),
                guards,
                rounds,
                new SketchSpec(4093, 20_261_101),
                2,
                7,
                Mode.OBSERVE,
                SPEC_DIGEST,
                catalog);
    }

    /** The largest run, with no targets and no options. */
    static RunSpec largest() {
        List<GroupSpec> groups =
                groups(MOST).stream().map(id -> new GroupSpec(id, 1.0 / MOST, 0, 1)).toList();
        return new RunSpec(
                "r".repeat(128),
                groups,
                List.of(),
                PolicySpec.of("static"),
                new GuardSpec(0, 100, 1, Integer.MAX_VALUE, 2),
                new RoundSpec(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE),
                new SketchSpec(SketchSpec.MAX_DIMENSION, Long.MIN_VALUE),
                1024,
                -1,
                Mode.CONTROL,
                "");
    }

    /** A plan in the middle of a run. */
    static Plan plan() {
        return new Plan(
                RUN,
                17,
                3,
                SPEC_DIGEST,
                41,
                12,
                "ab".repeat(32),
                8_404,
                Mixture.of(
                        List.of(new GroupId("en_novels"), new GroupId("es"), new GroupId("python")),
                        new double[] {0.625, 0.25, 0.125}),
                Plan.Label.POLICY,
                "cd".repeat(32));
    }

    /** A plan of the largest run, which no controller made. */
    static Plan largestPlan() {
        double[] weights = new double[MOST];
        Arrays.fill(weights, 1.0 / MOST);
        return new Plan(
                "r".repeat(128),
                Long.MAX_VALUE,
                -1,
                "",
                -1,
                Long.MAX_VALUE,
                "",
                Long.MAX_VALUE,
                Mixture.normalised(groups(MOST), weights),
                Plan.Label.BOX,
                "");
    }

    /** An attempt that resumed. */
    static Attempt attempt() {
        return new Attempt(RUN, 17, SPEC_DIGEST, 8_000, List.of("rank-0", "rank-8"), plan());
    }

    /** Ids g0000, g0001, ... in order. */
    static List<GroupId> groups(int m) {
        return IntStream.range(0, m)
                .mapToObj(j -> new GroupId(String.format(Locale.ROOT, "g%04d", j)))
                .toList();
    }
}
