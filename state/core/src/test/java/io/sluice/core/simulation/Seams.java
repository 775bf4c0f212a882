package io.sluice.core.simulation;

import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Plan;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.sequence.SealedPlan;
import java.util.List;

/**
 * Where the simulated processes touch what is tested. Here everything is as it should be; a test
 * breaks one seam, and sees that the oracle notices.
 */
class Seams {

    /** A store for the open rounds of one shard. */
    HeapRounds rounds() {
        return new HeapRounds();
    }

    /** A store for the snapshots of one controller. */
    HeapSnapshots snapshots() {
        return new HeapSnapshots();
    }

    /** A shard tells what it had counted in the attempt that it leaves. */
    ShardRound.Counts left(ShardRound.Counts counts) {
        return counts;
    }

    /** A decision of the controller. */
    Decision decided(Decision decision) {
        return decision;
    }

    /** A decision's plan on its way out. */
    Plan published(Plan plan) {
        return plan;
    }

    /** The controller hears of a bridge's answer. */
    ControllerState acknowledge(Controller controller, ControllerState state, PlanAck ack) {
        return controller.acknowledge(state, ack);
    }

    /** The bridge offers a plan to its sequencer. */
    PlanAck offer(PlanSequencer sequencer, Plan plan) {
        return sequencer.offer(plan);
    }

    /** The bridge asks which plan a sealed step has. */
    SealedPlan planAt(PlanSequencer sequencer, long step) {
        return sequencer.planAt(step);
    }

    /** A rank takes a step by the span that holds for it, one of those that it heard of. */
    SealedPlan followed(int rank, List<Span> heard, Span holding) {
        return holding.sealed();
    }

    /** A rank asks what a step draws. */
    List<GroupId> draws(ExactSampler sampler, SealedPlan plan, long step) {
        return sampler.draws(plan, step);
    }
}
