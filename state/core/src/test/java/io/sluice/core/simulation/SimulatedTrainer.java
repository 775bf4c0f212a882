package io.sluice.core.simulation;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A trainer's ranks, which take every step together, and its bridge. The first rank asks for leases
 * and tells the others, each of which hears of it in its own time.
 */
final class SimulatedTrainer {

    /** One process that trains. */
    private static final class Rank {
        private final int number;
        private final ExactSampler sampler;
        private final ArrayDeque<Span> inbox = new ArrayDeque<>();
        private final ArrayDeque<Span> spans = new ArrayDeque<>();
        private long step;

        private Rank(int number, ExactSampler sampler, long step) {
            this.number = number;
            this.sampler = sampler;
            this.step = step;
        }

        private boolean canStep() {
            return !spans.isEmpty() && spans.getLast().through() >= step;
        }
    }

    private final World world;
    private final int id;
    private final List<Resume> disk;
    private final List<Rank> ranks = new ArrayList<>();
    private List<RoundRecorder> recorders;
    private SimulatedBridge bridge;
    private SealedPlan lastTold;
    private long toldThrough;

    /**
     * @param id names this trainer, for the oracle
     * @param disk checkpoints; the trainer adds to them
     */
    SimulatedTrainer(World world, int id, List<Resume> disk, SimulatedBridge bridge, Resume from) {
        this.world = world;
        this.id = id;
        this.disk = disk;
        for (int i = 0; i < world.scenario().ranks(); i++) {
            RunSpec spec = bridge.spec();
            ranks.add(
                    new Rank(
                            i,
                            new ExactSampler(
                                    spec.seed(), spec.runId(), world.scenario().drawsPerStep()),
                            from.nextStep()));
        }
        lastTold = new SealedPlan(from.plan(), from.planFirstStep());
        toldThrough = from.nextStep() - 1;
        use(bridge);
    }

    /** Does one thing of several; answers whether there was something to do. */
    boolean act() {
        Rank rank = world.dice().pick(ranks);
        if (!rank.inbox.isEmpty()) {
            rank.spans.add(rank.inbox.remove());
            return true;
        }
        if (rank.step == nextStep() && rank.canStep()) {
            take(rank);
            return true;
        }
        if (rank.number == 0 && !rank.canStep() && !bridge.isDead()) {
            lease();
            return true;
        }
        return false;
    }

    /** The first step that not every rank has taken. */
    long nextStep() {
        long slowest = Long.MAX_VALUE;
        for (Rank rank : ranks) {
            slowest = Math.min(slowest, rank.step);
        }
        return slowest;
    }

    /** Writes a checkpoint, between two steps and while the bridge can say what it must hold. */
    boolean save() {
        long step = nextStep();
        if (bridge.isDead()
                || step <= bridge.resumeStep()
                || ranks.stream().anyMatch(rank -> rank.step != step)) {
            return false;
        }
        SealedPlan sealed = bridge.planAt(step - 1);
        Resume checkpoint = new Resume(step, sealed.plan(), sealed.firstStep());
        world.oracle().steps().saved(id, checkpoint);
        disk.add(checkpoint);
        bridge.saved(step);
        world.trace().note(() -> bridge + " saved a checkpoint before step " + step);
        return true;
    }

    /** What the trainer knows when it outlives its bridge: the last span it was told. */
    Resume told() {
        return new Resume(toldThrough + 1, lastTold.plan(), lastTold.firstStep());
    }

    /** Goes on with another bridge. */
    void use(SimulatedBridge next) {
        bridge = next;
        recorders = new ArrayList<>();
        for (int i = 0; i < world.scenario().reporters(); i++) {
            recorders.add(new RoundRecorder(world.dice(), next.spec(), "r" + i, next.resumeStep()));
        }
    }

    SimulatedBridge bridge() {
        return bridge;
    }

    private void lease() {
        long step = ranks.get(0).step;
        long through = step + world.scenario().leaseSteps() - 1;
        long from = toldThrough + 1;
        if (through < from) {
            return;
        }
        List<Span> spans = bridge.lease(from, through);
        if (world.strikes(Fault.LOST_LEASE)) {
            return;
        }
        for (Span span : spans) {
            ranks.get(0).spans.add(span);
            ranks.subList(1, ranks.size()).forEach(other -> other.inbox.add(span));
            world.oracle().steps().told(id, span);
            lastTold = span.sealed();
        }
        toldThrough = through;
    }

    private void take(Rank rank) {
        while (rank.spans.element().through() < rank.step) {
            rank.spans.remove();
        }
        Span holding = rank.spans.element();
        SealedPlan sealed = world.seams().followed(rank.number, List.copyOf(rank.spans), holding);
        List<GroupId> draws = world.seams().draws(rank.sampler, sealed, rank.step);
        world.oracle().steps().took(id, rank.number, rank.step, sealed, draws);
        if (rank.number < recorders.size() && !bridge.isDead()) {
            recorders
                    .get(rank.number)
                    .step(rank.step, sealed, draws)
                    .ifPresent(round -> bridge.ended(rank.number, round));
        }
        rank.step++;
        if (rank.number == 0) {
            RunSpec spec = bridge.spec();
            bridge.forgetBefore(rank.step - 1 - spec.rounds().steps());
            if (rank.step == spec.rounds().firstStep(spec.rounds().roundOf(rank.step))) {
                world.roundTrained();
            }
        }
    }
}
