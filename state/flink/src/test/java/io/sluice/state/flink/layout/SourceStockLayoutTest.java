package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.SourceStock;
import io.sluice.state.flink.Layout;
import java.util.List;

class SourceStockLayoutTest extends LayoutContract<SourceStock> {

    @Override
    Layout<SourceStock> layout() {
        return SourceStockLayout.INSTANCE;
    }

    @Override
    SourceStock realistic() {
        return new SourceStock(17, 4_096, 5_000_000);
    }

    @Override
    List<SourceStock> extremes() {
        return List.of(
                new SourceStock(0, 0, 0),
                new SourceStock(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    }
}
