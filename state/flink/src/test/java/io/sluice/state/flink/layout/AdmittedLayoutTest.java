package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.Admitted;
import io.sluice.state.flink.Layout;
import java.util.List;

class AdmittedLayoutTest extends LayoutContract<Admitted> {

    @Override
    Layout<Admitted> layout() {
        return AdmittedLayout.INSTANCE;
    }

    @Override
    Admitted realistic() {
        return new Admitted(17, 1_290);
    }

    @Override
    List<Admitted> extremes() {
        return List.of(new Admitted(0, 0), new Admitted(Integer.MAX_VALUE, Long.MAX_VALUE));
    }
}
