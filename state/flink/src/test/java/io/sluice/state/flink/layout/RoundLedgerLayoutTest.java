package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.core.round.RoundLedger;
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
                TestingState.attempt(),
                42,
                new TreeMap<>(Map.of(42L, 7, 43L, 12, 46L, 1)),
                new Counts(1_234, 5, 6));
    }

    @Override
    List<RoundLedger> extremes() {
        Attempt attempt = new Attempt("r", 0, "", 0, List.of("r0"), TestingState.largestPlan());
        return List.of(
                new RoundLedger(attempt, 0, new TreeMap<>(), Counts.ZERO),
                new RoundLedger(
                        attempt,
                        Long.MAX_VALUE,
                        new TreeMap<>(Map.of(Long.MIN_VALUE, -1, Long.MAX_VALUE, 1 << 31)),
                        new Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE)));
    }
}
