package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.stream.IntStream;

class AttemptLayoutTest extends LayoutContract<Attempt> {

    @Override
    Layout<Attempt> layout() {
        return AttemptLayout.INSTANCE;
    }

    @Override
    Attempt realistic() {
        return TestingState.attempt();
    }

    @Override
    List<Attempt> extremes() {
        return List.of(
                new Attempt("r", 0, "", 0, List.of("r0"), TestingState.plan()),
                new Attempt(
                        "r",
                        Long.MAX_VALUE,
                        "",
                        Long.MAX_VALUE,
                        IntStream.range(0, Attempt.MAX_REPORTERS)
                                .mapToObj(r -> "rank-" + r)
                                .toList(),
                        TestingState.largestPlan()));
    }
}
