package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.GroupStock;
import io.sluice.core.candidate.score.ScoreHistogram;
import io.sluice.core.candidate.supply.ArrivalRate;
import io.sluice.state.flink.Layout;
import java.util.List;

class GroupStockLayoutTest extends LayoutContract<GroupStock> {

    @Override
    Layout<GroupStock> layout() {
        return GroupStockLayout.INSTANCE;
    }

    @Override
    GroupStock realistic() {
        return new GroupStock(
                70,
                41_000,
                72,
                17,
                2,
                ScoreHistogram.empty().with(0.25).with(0.75),
                new ArrivalRate(68.5, 1_793_600_000_000L));
    }

    @Override
    List<GroupStock> extremes() {
        return List.of(
                GroupStock.EMPTY,
                new GroupStock(
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        ScoreHistogram.empty().with(1),
                        new ArrivalRate(Double.MAX_VALUE, Long.MAX_VALUE)));
    }
}
