package io.sluice.ops.inspect;

import io.sluice.core.controller.Decision;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.replay.WhatIf;
import io.sluice.flink.contract.ToContract;
import io.sluice.ops.UserException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** Takes each recorded decision with what would have been decided, and adds it up. */
final class WhatIfReading {

    private final WhatIfChange change;
    private final Consumer<SpecificRecord> sink;
    private final List<WhatIfView.RoundLine> rounds = new ArrayList<>();
    private final Map<String, RunSpec> specs = new HashMap<>();
    private int recordedPlans;
    private int plans;
    private List<WhatIfView.GroupLine> groups = List.of();

    /**
     * @param sink takes what would have been decided
     */
    WhatIfReading(WhatIfChange change, Consumer<SpecificRecord> sink) {
        this.change = change;
        this.sink = sink;
    }

    /**
     * A declaration of the run.
     *
     * @throws UserException when the change does not fit it
     */
    void declared(RunSpec spec) {
        try {
            change.applyTo(spec);
        } catch (IllegalArgumentException e) {
            throw UserException.invalid(
                    "run " + spec.runId() + " cannot be replayed like this: " + e.getMessage(), e);
        }
        specs.put(spec.digest(), spec);
    }

    /** What decides. */
    WhatIf whatIf() {
        return new WhatIf(ToContract::digest, change::applyTo, this::take);
    }

    private void take(Decision recorded, Decision made) {
        recordedPlans += recorded.plan().isPresent() ? 1 : 0;
        plans += made.plan().isPresent() ? 1 : 0;
        List<GroupId> ids = specs.get(recorded.specDigest()).groupIds();
        List<WhatIfView.GroupLine> lines = new ArrayList<>(ids.size());
        double distance = 0;
        for (int j = 0; j < ids.size(); j++) {
            double before = share(recorded, j);
            double now = share(made, j);
            distance += Math.abs(before - now) / 2;
            lines.add(new WhatIfView.GroupLine(ids.get(j).value(), before, now));
        }
        groups = lines;
        rounds.add(
                new WhatIfView.RoundLine(
                        recorded.attempt(),
                        recorded.round(),
                        outcome(recorded),
                        outcome(made),
                        distance));
        sink.accept(ToContract.decision(made));
    }

    WhatIfView view(ReplayView replay) {
        return new WhatIfView(
                replay.run(), recordedPlans, plans, List.copyOf(rounds), groups, replay);
    }

    /** In force afterwards. */
    private static double share(Decision decision, int group) {
        return decision.plan()
                .map(plan -> plan.mixture().weight(group))
                .orElseGet(() -> decision.groups().get(group).base());
    }

    private static String outcome(Decision decision) {
        return decision.plan()
                .map(plan -> "plan " + plan.version() + " " + plan.label())
                .orElseGet(() -> decision.hold().orElseThrow().reason().name());
    }
}
