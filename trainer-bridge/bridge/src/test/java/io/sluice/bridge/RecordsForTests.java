package io.sluice.bridge;

import io.sluice.core.domain.Plan;
import io.sluice.schemas.MixturePlan;

/** What tests of other packages need of the bridge's records. */
public final class RecordsForTests {

    private RecordsForTests() {}

    /** Version 0 of {@link TestingRuns}. */
    public static Plan prior() {
        return Records.prior(TestingRuns.spec());
    }

    /** A plan as it stands in the log. */
    public static MixturePlan record(Plan plan) {
        return Records.plan(plan);
    }
}
