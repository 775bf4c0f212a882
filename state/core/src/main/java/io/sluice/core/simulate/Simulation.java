package io.sluice.core.simulate;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run of a policy in a {@link Scenario}, through the same controller and guards as a real one:
 * each round trains on the mixture that is in force by then, and reports noisy losses and
 * gradients. Pure and seeded: the same arguments give the same bits. The prior is the mixture of
 * equal shares, or what caps leave of it.
 *
 * @param scenario the law of training
 * @param policy the policy, with its options
 * @param priorPull the guards' pull to the prior, tau
 * @param floor least share of every group
 * @param cap largest share of every group, by group
 * @param rounds rounds to train
 * @param warmUpRounds rounds at the start that decide nothing, from which the governor learns; it
 *     is off without them
 * @param delayRounds rounds between a decision and its first effect, beyond the next round
 * @param maxEpochs epochs of a small group at most; empty to declare no supplies, so that no guard
 *     knows which groups are small
 * @param noise standard deviation of a reported loss, in nats
 * @param gradientNoise standard error of an inner product of two gradients, over their lengths
 * @param seed seed of all noise
 */
public record Simulation(
        Scenario scenario,
        PolicySpec policy,
        double priorPull,
        double floor,
        double[] cap,
        int rounds,
        int warmUpRounds,
        int delayRounds,
        OptionalDouble maxEpochs,
        double noise,
        double gradientNoise,
        long seed) {

    private static final int STEPS = 10;

    /** Tokens of a round. */
    static final long TOKENS = 1_000_000_000L;

    private static final double LARGEST_CHANGE = 10;

    /**
     * 400 rounds, a delay of 3, noise of 0.005 nats and of 0.05 of a gradient, floors of 0.004, 16
     * epochs and no caps.
     */
    public static Simulation of(Scenario scenario, PolicySpec policy, long seed) {
        double[] caps = new double[scenario.size()];
        Arrays.fill(caps, 1);
        OptionalDouble epochs = OptionalDouble.of(Supply.DEFAULT_EPOCHS);
        return new Simulation(
                scenario, policy, 0.1, 0.004, caps, 400, 0, 3, epochs, 0.005, 0.05, seed);
    }

    /** The same with another pull to the prior. */
    public Simulation withPriorPull(double value) {
        return with(
                value,
                cap,
                rounds,
                warmUpRounds,
                delayRounds,
                maxEpochs,
                noise,
                gradientNoise,
                seed);
    }

    /** The same with these caps. */
    public Simulation withCaps(double... values) {
        return with(
                priorPull,
                values,
                rounds,
                warmUpRounds,
                delayRounds,
                maxEpochs,
                noise,
                gradientNoise,
                seed);
    }

    /** The same for so many rounds. */
    public Simulation withRounds(int value) {
        return with(
                priorPull,
                cap,
                value,
                warmUpRounds,
                delayRounds,
                maxEpochs,
                noise,
                gradientNoise,
                seed);
    }

    /** The same with so many rounds of warm-up. */
    public Simulation withWarmUp(int value) {
        return with(
                priorPull, cap, rounds, value, delayRounds, maxEpochs, noise, gradientNoise, seed);
    }

    /** The same with another delay. */
    public Simulation withDelay(int value) {
        return with(
                priorPull, cap, rounds, warmUpRounds, value, maxEpochs, noise, gradientNoise, seed);
    }

    /** The same with so many epochs of a small group at most. */
    public Simulation withMaxEpochs(double value) {
        return with(
                priorPull,
                cap,
                rounds,
                warmUpRounds,
                delayRounds,
                OptionalDouble.of(value),
                noise,
                gradientNoise,
                seed);
    }

    /** The same with supplies that are not declared. */
    public Simulation withoutSupplies() {
        return with(
                priorPull,
                cap,
                rounds,
                warmUpRounds,
                delayRounds,
                OptionalDouble.empty(),
                noise,
                gradientNoise,
                seed);
    }

    /** The same with another noise of the reported losses. */
    public Simulation withNoise(double value) {
        return with(
                priorPull,
                cap,
                rounds,
                warmUpRounds,
                delayRounds,
                maxEpochs,
                value,
                gradientNoise,
                seed);
    }

    /** The same with another noise of the gradients. */
    public Simulation withGradientNoise(double value) {
        return with(
                priorPull, cap, rounds, warmUpRounds, delayRounds, maxEpochs, noise, value, seed);
    }

    /** The same with another seed. */
    public Simulation withSeed(long value) {
        return with(
                priorPull,
                cap,
                rounds,
                warmUpRounds,
                delayRounds,
                maxEpochs,
                noise,
                gradientNoise,
                value);
    }

    private Simulation with(
            double nextPull,
            double[] nextCap,
            int nextRounds,
            int nextWarmUp,
            int nextDelay,
            OptionalDouble nextEpochs,
            double nextNoise,
            double nextGradientNoise,
            long nextSeed) {
        return new Simulation(
                scenario,
                policy,
                nextPull,
                floor,
                nextCap,
                nextRounds,
                nextWarmUp,
                nextDelay,
                nextEpochs,
                nextNoise,
                nextGradientNoise,
                nextSeed);
    }

    /**
     * What came of a run.
     *
     * @param mixtures the mixture that each round was trained on
     * @param losses losses of the targets at the end, without noise
     * @param tokens tokens drawn from each group, in units of a round
     * @param plans the plans that were published
     * @param returns how often the governor returned to the prior
     * @param returnedRounds rounds for which it held the prior
     */
    public record Outcome(
            List<Mixture> mixtures,
            double[] losses,
            double[] tokens,
            List<Plan> plans,
            int returns,
            int returnedRounds) {

        /** Mean of the final losses, in nats. */
        public double meanLoss() {
            double sum = 0;
            for (double loss : losses) {
                sum += loss / losses.length;
            }
            return sum;
        }
    }

    /**
     * Trains to the end.
     *
     * @throws IllegalArgumentException when the policy does not exist, or asks for influence: that
     *     needs sketches, and gradients are simulated by their products
     */
    public Outcome run() {
        if (SketchWork.of(policy).asksForInfluence()) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + ": "
                            + SketchWork.FISHER
                            + " needs sketches, which a simulation has not: leave it out");
        }
        RunSpec spec = spec();
        Plan prior = prior(spec);
        Attempt attempt =
                new Attempt(spec.runId(), 0, spec.digest(), 0, List.of("simulated"), prior);
        Controller controller =
                new Controller(spec, Simulation::digest, new InMemorySnapshotStore());
        ControllerState state = ControllerState.start(spec, attempt);
        SimulatedReports reports = new SimulatedReports(this);
        Deque<Plan> coming = new ArrayDeque<>();
        Mixture inForce = spec.prior();
        double[] tokens = new double[scenario.size()];
        List<Mixture> mixtures = new ArrayList<>();
        List<Plan> plans = new ArrayList<>();
        int returns = 0;
        int returnedRounds = 0;
        for (int round = 0; round < rounds; round++) {
            while (!coming.isEmpty()
                    && coming.peekFirst().effectiveStep() <= spec.rounds().firstStep(round)) {
                inForce = coming.removeFirst().mixture();
            }
            mixtures.add(inForce);
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] += inForce.weight(j);
            }
            state = told(controller, state, spec, round);
            Controller.Step step =
                    controller.round(state, reports.of(spec, round, inForce, tokens), 0);
            boolean before = state.guards().governor().returned();
            state = step.state();
            boolean returned = state.guards().governor().returned();
            returns += returned && !before ? 1 : 0;
            returnedRounds += returned ? 1 : 0;
            for (Decision decision : step.decisions()) {
                decision.plan().ifPresent(coming::addLast);
                decision.plan().ifPresent(plans::add);
            }
        }
        return new Outcome(
                List.copyOf(mixtures),
                scenario.losses(tokens),
                tokens,
                List.copyOf(plans),
                returns,
                returnedRounds);
    }

    /** What an operator says in a round: groups come and leave. */
    private ControllerState told(
            Controller controller, ControllerState before, RunSpec spec, int round) {
        ControllerState state = before;
        for (int c = 0; c < scenario.changes().size(); c++) {
            Scenario.Change change = scenario.changes().get(c);
            if (change.round() == round) {
                GroupId group = spec.groups().get(change.group()).id();
                OperatorCommand command =
                        new OperatorCommand(
                                spec.runId(),
                                "change-" + c,
                                change.comes() ? Kind.ADD_GROUP : Kind.RETIRE_GROUP,
                                "simulation",
                                "the scenario says so",
                                OptionalLong.empty(),
                                new TreeSet<>(Set.of(group)),
                                new TreeMap<>(),
                                Optional.empty(),
                                Optional.empty());
                state = controller.command(state, command).state();
            }
        }
        return state;
    }

    /** The declaration of the simulated run. */
    private RunSpec spec() {
        int size = scenario.size();
        List<GroupSpec> groups = new ArrayList<>();
        List<TargetSpec> targets = new ArrayList<>();
        double[] floors = new double[size];
        double[] prior = new double[size];
        Arrays.fill(floors, floor);
        Arrays.fill(prior, 1.0 / size);
        prior = new MixtureBox(floors, cap).project(prior);
        for (int j = 0; j < size; j++) {
            groups.add(
                    new GroupSpec(
                            new GroupId("group-" + j),
                            prior[j],
                            floor,
                            cap[j],
                            supply(j),
                            !scenario.present(0)[j]));
            targets.add(new TargetSpec(new TargetId("target-" + j), 1.0 / size));
        }
        GuardSpec guards = GuardSpec.DEFAULT;
        return new RunSpec(
                "simulated",
                groups,
                targets,
                policy,
                new GuardSpec(
                        priorPull,
                        LARGEST_CHANGE,
                        guards.signalDecay(),
                        guards.minGroupSequences(),
                        guards.minTargetSequences(),
                        guards.deadBand(),
                        guards.coolDownRounds(),
                        warmUpRounds > 0 ? guards.governorRounds() : 0,
                        rounds * TOKENS),
                new RoundSpec(STEPS, 1 + delayRounds * STEPS, (long) warmUpRounds * STEPS),
                new SketchSpec(8191, seed),
                1,
                seed,
                Mode.CONTROL,
                "simulated");
    }

    private Optional<Supply> supply(int j) {
        double unique = scenario.unique()[j];
        return Double.isInfinite(unique) || maxEpochs.isEmpty()
                ? Optional.empty()
                : Optional.of(new Supply(Math.round(unique * TOKENS), maxEpochs.getAsDouble()));
    }

    private static Plan prior(RunSpec spec) {
        Plan plan =
                new Plan(
                        spec.runId(),
                        0,
                        0,
                        spec.digest(),
                        -1,
                        0,
                        "",
                        0,
                        spec.prior(),
                        Plan.Label.PRIOR,
                        "");
        return plan.withDigest(digest(plan));
    }

    private static String digest(Plan plan) {
        return Long.toHexString(Hashes.hash(plan.withDigest("").toString()));
    }
}
