package io.sluice.state.flink.layout;

import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundLedger.OpenRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class RoundLedgerLayoutTest extends LayoutContract<RoundLedger> {

    @Override
    Layout<RoundLedger> layout() {
        return RoundLedgerLayout.INSTANCE;
    }

    @Override
    RoundLedger realistic() {
        return new RoundLedger(
                TestingState.attempt().number(),
                TestingState.attempt().reporters().size(),
                42,
                new TreeMap<>(
                        Map.of(
                                42L, new OpenRound(7, 2, 9),
                                43L, new OpenRound(12, 1, 5),
                                46L, new OpenRound(1, 0, 0))),
                new Counts(1_234, 5, 6),
                true);
    }

    /** Version 1 did not count statements. */
    @Override
    RoundLedger stored(int version) {
        return version > 1
                ? realistic()
                : new RoundLedger(
                        TestingState.attempt().number(),
                        TestingState.attempt().reporters().size(),
                        42,
                        new TreeMap<>(
                                Map.of(
                                        42L, new OpenRound(7, 0, 0),
                                        43L, new OpenRound(12, 0, 0),
                                        46L, new OpenRound(1, 0, 0))),
                        new Counts(1_234, 5, 6),
                        false);
    }

    @Override
    List<RoundLedger> extremes() {
        return List.of(
                new RoundLedger(0, 1, 0, new TreeMap<>(), Counts.ZERO, false),
                new RoundLedger(
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        new TreeMap<>(
                                Map.of(
                                        Long.MIN_VALUE,
                                        new OpenRound(-1, 0, Integer.MAX_VALUE),
                                        Long.MAX_VALUE,
                                        new OpenRound(1 << 31, Integer.MAX_VALUE, -1))),
                        new Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE),
                        true));
    }
}
