package io.sluice.core.simulation;

import io.sluice.core.controller.Decision;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * One run under one schedule of faults, both made by one seed, and then a while without faults in
 * which the loop must close again. Single-threaded; the same seed does the same in every detail.
 */
final class Simulation {

    private static final int MOST_TRAINERS = 2;
    private static final int MOST_JOBS = 3;
    private static final int KEPT_CHECKPOINTS = 4;

    private final World world;
    private final Dice dice;
    private final List<Resume> disk = new ArrayList<>();
    private final List<SimulatedJob.Checkpoint> checkpoints = new ArrayList<>();

    /** The last of each is the one that is meant to be there. */
    private final List<SimulatedTrainer> trainers = new ArrayList<>();

    private final List<SimulatedJob> jobs = new ArrayList<>();
    private SimulatedBridge.Store store = new SimulatedBridge.Store();
    private final Operator operator;
    private int named;

    private Simulation(long seed, Seams seams, Coverage coverage, Trace trace) {
        dice = new Dice(seed);
        world = new World(Scenario.roll(dice), dice, seams, coverage, trace);
        operator = new Operator(world);
        startTrainer(beginning());
        startJob(Optional.empty());
    }

    /**
     * Runs one simulation.
     *
     * @throws Violation when the oracle finds one
     */
    static void run(long seed, Seams seams, Coverage coverage, Trace trace) {
        Simulation simulation = new Simulation(seed, seams, coverage, trace);
        simulation.disturb();
        simulation.recover();
        LogReplay.check(simulation.world);
    }

    private void disturb() {
        for (int event = 0; event < world.scenario().events(); event++) {
            world.tick();
            int roll = dice.below(100);
            if (roll < 30) {
                world.deliver();
            } else if (roll < 40) {
                dice.pick(trainers).act();
            } else if (roll < 55) {
                dice.pick(trainers).bridge().act();
            } else if (roll < 92) {
                dice.pick(jobs).act();
            } else {
                happen();
            }
        }
    }

    /** Something that is not the everyday course of things. */
    private void happen() {
        switch (dice.below(10)) {
            case 0, 1 -> dice.pick(jobs).checkpoint();
            case 2 -> dice.pick(trainers).save();
            case 3 -> {
                if (!trainer().bridge().isDead() && world.strikes(Fault.BRIDGE_CRASH)) {
                    trainer().bridge().crash();
                }
            }
            case 4 -> {
                if (trainer().bridge().isDead()) {
                    reattach();
                }
            }
            case 5 -> {
                if (world.strikes(Fault.TRAINER_CRASH)) {
                    replaceTrainer();
                }
            }
            case 6 -> {
                if (world.strikes(Fault.JOB_CRASH)) {
                    replaceJob();
                }
            }
            case 7 -> {
                if (dice.oneIn(2) && world.strikes(Fault.REDECLARED)) {
                    world.declare(dice.pick(world.scenario().declarations()));
                }
            }
            case 8 -> {
                if (world.strikes(Fault.OPERATOR)) {
                    operator.act(trainer().nextStep());
                }
                if (world.strikes(Fault.CATALOG)) {
                    world.catalog().act();
                }
            }
            default -> {
                if (world.strikes(Fault.BAD_PLAN)) {
                    forge();
                }
            }
        }
    }

    private void replaceTrainer() {
        SimulatedTrainer old = trainer();
        if (trainers.size() == MOST_TRAINERS) {
            trainers.remove(0).bridge().crash();
        }
        if (world.strikesToo(Fault.TWO_TRAINERS)) {
            store = new SimulatedBridge.Store();
        } else {
            old.bridge().crash();
            trainers.remove(old);
        }
        int choice = dice.below(8);
        if (disk.isEmpty() || choice == 0) {
            startTrainer(beginning());
        } else if (choice < 5) {
            startTrainer(disk.get(disk.size() - 1));
        } else {
            startTrainer(dice.pick(disk));
        }
    }

    private void replaceJob() {
        if (jobs.size() == MOST_JOBS) {
            jobs.remove(0).crash();
        }
        if (!world.strikesToo(Fault.TWO_JOBS)) {
            job().crash();
            jobs.remove(job());
        }
        Optional<SimulatedJob.Checkpoint> from =
                checkpoints.isEmpty()
                        ? Optional.empty()
                        : Optional.of(checkpoints.get(checkpoints.size() - 1));
        if (from.isPresent() && world.strikesToo(Fault.OLD_CHECKPOINT)) {
            from = Optional.of(dice.pick(checkpoints));
        } else if (world.strikesToo(Fault.LOST_STATE)) {
            from = Optional.empty();
        }
        startJob(from);
    }

    /** A plan that follows the one in force and breaks a rule. */
    private void forge() {
        SimulatedBridge bridge = trainer().bridge();
        Plan inForce = bridge.inForce();
        boolean foreign = dice.oneIn(2);
        Mixture mixture =
                foreign
                        ? inForce.mixture()
                        : Mixture.of(List.of(new GroupId("alien")), new double[] {1});
        Plan plan =
                new Plan(
                        "run",
                        bridge.number(),
                        world.claims().end() - 1,
                        foreign ? "third" : bridge.spec().digest(),
                        0,
                        inForce.version() + 1,
                        inForce.digest(),
                        0,
                        mixture,
                        Plan.Label.POLICY,
                        "");
        world.plans().append(plan.withDigest(TestingRun.DIGEST.of(plan)));
    }

    private void startTrainer(Resume from) {
        SimulatedBridge bridge = new SimulatedBridge(world, named++, store, from);
        trainers.add(new SimulatedTrainer(world, named++, disk, bridge, from));
    }

    private void reattach() {
        trainer().use(new SimulatedBridge(world, named++, store, trainer().told()));
    }

    private void startJob(Optional<SimulatedJob.Checkpoint> from) {
        jobs.add(new SimulatedJob(world, from, this::keep));
    }

    private void keep(SimulatedJob.Checkpoint checkpoint) {
        if (checkpoints.size() == KEPT_CHECKPOINTS) {
            // The first one stays for as long as the run: a savepoint.
            checkpoints.remove(1);
        }
        checkpoints.add(checkpoint);
    }

    private Resume beginning() {
        return new Resume(0, TestingRun.prior(world.declared()), 0);
    }

    private SimulatedTrainer trainer() {
        return trainers.get(trainers.size() - 1);
    }

    private SimulatedJob job() {
        return jobs.get(jobs.size() - 1);
    }

    /** Faults stop. Within a few rounds every round is decided, and every plan accepted. */
    private void recover() {
        world.heal();
        world.trace().note(() -> "faults stop");
        trainers.subList(0, trainers.size() - 1).clear();
        jobs.subList(0, jobs.size() - 1).clear();
        if (trainer().bridge().isFenced()) {
            trainer().bridge().crash();
        }
        if (trainer().bridge().isDead()) {
            reattach();
        }
        trainer().bridge().heal();
        operator.unfreeze();
        RunSpec spec = trainer().bridge().spec();
        settle();
        long first = spec.rounds().roundOf(trainer().nextStep());
        long closed = first + 2L * RoundReducer.WINDOW + 2L * world.scenario().ackLag();
        long last = closed + 2;
        while (trainer().nextStep() <= spec.rounds().lastStep(last)) {
            if (trainer().act()) {
                settle();
            }
            if (dice.oneIn(60)) {
                trainer().save();
                job().checkpoint();
            }
        }
        job().check();
        for (long offset = 0; offset < world.seals().end(); offset++) {
            world.oracle().bridges().logged(world.seals().at(offset));
        }
        checkLoop(closed, last);
    }

    /** Lets everything happen that can without another step. */
    private void settle() {
        int events = 0;
        while (world.deliver() | trainer().bridge().act() | job().act()) {
            world.tick();
            Violation.unless(
                    ++events < 1_000_000,
                    Invariant.LIVENESS,
                    () -> "there is always something to do");
        }
    }

    private void checkLoop(long from, long last) {
        long attempt = trainer().bridge().number();
        List<Decision> decided =
                world.oracle().decisions().stream()
                        .filter(decision -> decision.attempt() == attempt)
                        .filter(decision -> decision.epoch() == job().epoch())
                        .filter(decision -> decision.round() >= from)
                        .toList();
        Violation.unless(
                decided.stream()
                        .map(Decision::round)
                        .toList()
                        .equals(LongStream.rangeClosed(from, last).boxed().toList()),
                Invariant.LIVENESS,
                () -> "rounds " + from + " to " + last + " should have been decided: " + decided);
        for (Decision decision : decided) {
            Violation.unless(
                    !decision.hold()
                            .map(Hold::reason)
                            .filter(Hold.Reason.INCOMPLETE::equals)
                            .isPresent(),
                    Invariant.LIVENESS,
                    () -> "incomplete without a fault: " + decision);
            decision.plan()
                    .ifPresent(
                            plan ->
                                    Violation.unless(
                                            world.oracle()
                                                    .bridges()
                                                    .accepted(attempt, plan.digest()),
                                            Invariant.LIVENESS,
                                            () -> "a plan was not accepted: " + plan));
        }
        Plan known = job().decider().state().orElseThrow().inForce();
        Plan inForce = trainer().bridge().inForce();
        Violation.unless(
                known.equals(inForce),
                Invariant.LIVENESS,
                () -> "the controller believes in " + known + ", in force is " + inForce);
    }
}
