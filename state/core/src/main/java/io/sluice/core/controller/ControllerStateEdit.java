package io.sluice.core.controller;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.Overrides;
import io.sluice.core.domain.Plan;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.round.ShardRound;
import java.util.List;

/** A copy of a controller's state that can be changed, to be built into a new one. */
final class ControllerStateEdit {

    private final ControllerState from;
    private Plan inForce;
    private List<String> unanswered;
    private long nextRound;
    private AlignmentAverages averages;
    private PolicyMemory memory;
    private List<ShardRound> pending;
    private Lineage lineage;
    private GuardMemory guards;
    private Overrides overrides;
    private CatalogNews catalog;
    private SignalCounts counts;

    ControllerStateEdit(ControllerState from) {
        this.from = from;
        this.inForce = from.inForce();
        this.unanswered = from.unanswered();
        this.nextRound = from.nextRound();
        this.averages = from.averages();
        this.memory = from.memory();
        this.pending = from.pending();
        this.lineage = from.lineage();
        this.guards = from.guards();
        this.overrides = from.overrides();
        this.catalog = from.catalog();
        this.counts = from.counts();
    }

    ControllerStateEdit inForce(Plan plan) {
        inForce = plan;
        return this;
    }

    ControllerStateEdit unanswered(List<String> digests) {
        unanswered = digests;
        return this;
    }

    ControllerStateEdit nextRound(long round) {
        nextRound = round;
        return this;
    }

    ControllerStateEdit averages(AlignmentAverages value) {
        averages = value;
        return this;
    }

    ControllerStateEdit memory(PolicyMemory value) {
        memory = value;
        return this;
    }

    ControllerStateEdit pending(List<ShardRound> rounds) {
        pending = rounds;
        return this;
    }

    ControllerStateEdit lineage(Lineage value) {
        lineage = value;
        return this;
    }

    ControllerStateEdit guards(GuardMemory value) {
        guards = value;
        return this;
    }

    ControllerStateEdit overrides(Overrides value) {
        overrides = value;
        return this;
    }

    ControllerStateEdit catalog(CatalogNews value) {
        catalog = value;
        return this;
    }

    ControllerStateEdit counts(SignalCounts value) {
        counts = value;
        return this;
    }

    ControllerState build() {
        return new ControllerState(
                from.spec(),
                from.attempt(),
                inForce,
                unanswered,
                nextRound,
                averages,
                memory,
                pending,
                from.basis(),
                lineage,
                guards,
                overrides,
                catalog,
                counts);
    }
}
