package io.sluice.core.simulation;

import io.sluice.core.domain.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The job: intake, shards and decision, joined by channels. A checkpoint is a barrier that flows
 * through the channels; a restored job reads on from where its intake's share was taken, so state
 * counts everything once and output may repeat.
 */
final class SimulatedJob {

    private static final int SHARDS = 3;

    /** A checkpoint, complete once it has the decision's share. */
    static final class Checkpoint {
        private Intake intake;
        private final Shard[] shards = new Shard[SHARDS];
        private Decider decider;
    }

    private final World world;
    private final long epoch;
    private final Wire<Plan> plans;
    private final Consumer<Checkpoint> completed;
    private final Intake intake;
    private final List<Shard> shards = new ArrayList<>();
    private final Decider decider;
    private final List<ArrayDeque<Event>> toShards = new ArrayList<>();
    private final List<ArrayDeque<Event>> toDecider = new ArrayList<>();
    private final boolean[] aligned = new boolean[SHARDS];
    private Checkpoint underWay;
    private long skew;

    /**
     * @param from what to go on from; empty to begin with nothing
     * @param completed takes checkpoints
     */
    SimulatedJob(World world, Optional<Checkpoint> from, Consumer<Checkpoint> completed) {
        this.world = world;
        this.completed = completed;
        this.plans = new Wire<>(world, world.plans(), true);
        this.intake = from.map(f -> f.intake.copy()).orElseGet(() -> new Intake(world));
        for (int i = 0; i < SHARDS; i++) {
            int shard = i;
            shards.add(
                    from.map(f -> f.shards[shard].copy()).orElseGet(() -> new Shard(world, shard)));
            toShards.add(new ArrayDeque<>());
            toDecider.add(new ArrayDeque<>());
        }
        this.decider = from.map(f -> f.decider.copy()).orElseGet(() -> new Decider(world));
        this.epoch = world.claims().append("job");
        world.trace().note(() -> "job " + epoch + " starts");
    }

    /** Does one thing of several; answers whether there was something to do. */
    boolean act() {
        if (world.strikes(Fault.CLOCK_JUMP)) {
            skew += world.dice().between(-3000, 3000);
        }
        int choices = Intake.TOPICS + 1 + SHARDS;
        int first = world.dice().below(choices);
        for (int i = 0; i < choices; i++) {
            int which = (first + i) % choices;
            boolean done =
                    which < Intake.TOPICS
                            ? intake.read(which, world.now() + skew, this::route)
                            : which == Intake.TOPICS ? decide() : reduce(which - Intake.TOPICS - 1);
            if (done) {
                return true;
            }
        }
        return false;
    }

    /** Begins a checkpoint, unless one is under way. */
    void checkpoint() {
        if (underWay == null) {
            underWay = new Checkpoint();
            underWay.intake = intake.copy();
            toShards.forEach(channel -> channel.add(new Event.Barrier()));
        }
    }

    void crash() {
        plans.cut();
        world.trace().note(() -> "job " + epoch + " dies");
    }

    /** Checks what can be checked at any time, and more when there is nothing left to do. */
    void check() {
        intake.check();
        boolean idle = intake.hasReadAll() && toShards.stream().allMatch(ArrayDeque::isEmpty);
        shards.forEach(shard -> shard.check(intake.recount(), idle));
        decider.check();
        if (idle && toDecider.stream().allMatch(ArrayDeque::isEmpty)) {
            decider.checkTotals(intake.recount());
        }
    }

    long epoch() {
        return epoch;
    }

    Decider decider() {
        return decider;
    }

    private void route(int shard, Event event) {
        toShards.get(shard).add(event);
    }

    private boolean reduce(int number) {
        Event event = toShards.get(number).poll();
        if (event == null) {
            return false;
        }
        Consumer<Event> out = toDecider.get(number)::add;
        if (event instanceof Event.Barrier) {
            underWay.shards[number] = shards.get(number).copy();
            out.accept(event);
        } else {
            shards.get(number).take(event, intake.recount(), out);
        }
        return true;
    }

    private boolean decide() {
        int first = world.dice().below(SHARDS);
        for (int i = 0; i < SHARDS; i++) {
            int from = (first + i) % SHARDS;
            if (!aligned[from] && !toDecider.get(from).isEmpty()) {
                Event event = toDecider.get(from).remove();
                if (event instanceof Event.Barrier) {
                    align(from);
                } else {
                    decider.take(event, epoch, intake.recount(), plans::insist);
                }
                return true;
            }
        }
        return false;
    }

    /** The decision's share is taken when every channel has reached the barrier. */
    private void align(int from) {
        aligned[from] = true;
        for (boolean reached : aligned) {
            if (!reached) {
                return;
            }
        }
        Arrays.fill(aligned, false);
        underWay.decider = decider.copy();
        plans.flush();
        check();
        completed.accept(underWay);
        underWay = null;
        world.trace().note(() -> "job " + epoch + " completes a checkpoint");
    }
}
