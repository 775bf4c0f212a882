package io.sluice.core.simulation;

import io.sluice.core.controller.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows what must hold. Keeps books of its own over everything that happens, and throws a {@link
 * Violation} at the first thing that should not have.
 */
final class Oracle {

    private final PlanBooks plans = new PlanBooks();
    private final BridgeBooks bridges = new BridgeBooks(plans);
    private final StepBooks steps = new StepBooks();
    private final List<Decision> decisions = new ArrayList<>();

    PlanBooks plans() {
        return plans;
    }

    BridgeBooks bridges() {
        return bridges;
    }

    StepBooks steps() {
        return steps;
    }

    /** All decisions of all jobs, in the order in which they were made. */
    List<Decision> decisions() {
        return decisions;
    }
}
