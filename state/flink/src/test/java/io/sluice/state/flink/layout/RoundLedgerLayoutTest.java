package io.sluice.state.flink.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundLedger.OpenRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.state.flink.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoundLedgerLayoutTest extends LayoutContract<RoundLedger> {

    @Override
    Layout<RoundLedger> layout() {
        return RoundLedgerLayout.INSTANCE;
    }

    @Override
    RoundLedger realistic() {
        return settled(1_234);
    }

    /** Versions 1 and 2 also had what was held: 20 signals, which were counted. */
    @Override
    RoundLedger stored(int version) {
        return version > 2 ? realistic() : settled(1_214);
    }

    @Override
    List<RoundLedger> extremes() {
        return List.of(
                new RoundLedger(0, 1, 0, new TreeMap<>(), Counts.ZERO, false),
                new RoundLedger(
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        new TreeMap<>(),
                        new Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE),
                        false));
    }

    @Test
    void whatTheStoreHoldsIsNotStoredTwice() throws IOException {
        RoundLedger counted =
                new RoundLedger(
                        TestingState.attempt().number(),
                        TestingState.attempt().reporters().size(),
                        42,
                        new TreeMap<>(
                                Map.of(42L, new OpenRound(7, 2, 9), 46L, new OpenRound(1, 0, 0))),
                        new Counts(1_242, 5, 6),
                        true);

        assertThat(bytes(counted)).isEqualTo(bytes(realistic()));
    }

    private static RoundLedger settled(long accepted) {
        return new RoundLedger(
                TestingState.attempt().number(),
                TestingState.attempt().reporters().size(),
                42,
                new TreeMap<>(),
                new Counts(accepted, 5, 6),
                false);
    }
}
