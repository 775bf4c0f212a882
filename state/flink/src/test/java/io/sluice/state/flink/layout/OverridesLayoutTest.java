package io.sluice.state.flink.layout;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.Membership;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Overrides;
import io.sluice.core.control.Overrides.Pin;
import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.control.Overrides.Ruled;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.domain.GroupId;
import io.sluice.state.flink.Layout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

class OverridesLayoutTest extends LayoutContract<Overrides> {

    @Override
    Layout<Overrides> layout() {
        return OverridesLayout.INSTANCE;
    }

    @Override
    Overrides realistic() {
        List<GroupId> groups = TestingState.plan().mixture().groups();
        return new Overrides(
                new TreeMap<>(Map.of(groups.get(0), new Pin(0.25, "c-1"))),
                new TreeMap<>(Map.of(groups.get(1), "c-2")),
                Optional.of("c-3"),
                Optional.of(new Ruled(OperatorCommandLayoutTest.change(groups.get(0)), "c-4")),
                List.of(
                        new Standing("c-1", Kind.PIN, OptionalLong.of(9_000)),
                        new Standing("c-2", Kind.EXCLUDE, OptionalLong.empty())),
                new TreeSet<>(List.of(groups.get(2))),
                Optional.of(
                        new Rollback(
                                "c-5",
                                TestingState.plan().mixture(),
                                Optional.of("ab".repeat(32)))),
                List.of(OperatorCommandLayoutTest.command(Kind.INCLUDE, OptionalLong.empty())),
                List.of("c-1", "c-2", "c-3", "c-4", "c-5"),
                List.of("c-0"),
                37,
                membership());
    }

    /** The same as it was stored before groups came and left. */
    static Overrides first(Overrides now) {
        return new Overrides(
                now.pins(),
                now.exclusions(),
                now.freeze(),
                now.policy(),
                now.standing(),
                now.returning(),
                now.rollback(),
                now.waiting(),
                now.heeded(),
                now.dropped(),
                now.memorySince(),
                Membership.DECLARED);
    }

    @Override
    Overrides stored(int version) {
        return version < 2 ? first(realistic()) : realistic();
    }

    private static Membership membership() {
        List<GroupId> groups = TestingState.plan().mixture().groups();
        return new Membership(
                new TreeSet<>(groups.subList(0, 1)),
                new TreeSet<>(groups.subList(1, 2)),
                new TreeMap<>(
                        Map.of(
                                groups.get(0), GroupNews.State.ACTIVE,
                                groups.get(1), GroupNews.State.RETIRED)));
    }

    @Override
    List<Overrides> extremes() {
        return List.of(Overrides.NONE, full());
    }

    /** As much as may be remembered at a time. */
    Overrides full() {
        TreeMap<GroupId, Pin> pins = new TreeMap<>();
        TreeMap<GroupId, String> exclusions = new TreeMap<>();
        TreeMap<GroupId, GroupNews.State> heeded = new TreeMap<>();
        for (GroupId group : TestingState.largestPlan().mixture().groups()) {
            pins.put(group, new Pin(Double.MIN_VALUE, "c"));
            heeded.put(group, GroupNews.State.EXCLUDED);
            exclusions.put(group, "c");
        }
        return new Overrides(
                pins,
                exclusions,
                Optional.empty(),
                Optional.empty(),
                Collections.nCopies(
                        Overrides.MAX_STANDING,
                        new Standing("c", Kind.PIN, OptionalLong.of(Long.MAX_VALUE))),
                new TreeSet<>(pins.keySet()),
                Optional.of(
                        new Rollback("c", TestingState.largestPlan().mixture(), Optional.empty())),
                Collections.nCopies(
                        Overrides.MAX_WAITING,
                        OperatorCommandLayoutTest.command(Kind.PIN, OptionalLong.empty())),
                Collections.nCopies(Overrides.MAX_HEEDED, "c"),
                List.of(),
                Long.MAX_VALUE,
                new Membership(
                        new TreeSet<>(pins.keySet()), new TreeSet<>(), new TreeMap<>(heeded)));
    }
}
