package io.sluice.core.simulation;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a seed makes of the world before anything happens in it.
 *
 * @param spec the run as it is declared first
 * @param redeclared the run as it may be declared later: other bounds, policy and shards
 * @param ranks processes that train
 * @param reporters how many of them send signals
 * @param drawsPerStep draws of every step
 * @param leaseSteps steps of a lease
 * @param ordered whether a producer's records arrive in the order in which they were sent
 * @param ackLag rounds that a bridge's answers take to reach the log
 * @param events how many events there are before faults stop
 * @param oneIn how rarely each fault strikes where it can; absent where it never does
 */
record Scenario(
        RunSpec spec,
        RunSpec redeclared,
        int ranks,
        int reporters,
        int drawsPerStep,
        int leaseSteps,
        boolean ordered,
        int ackLag,
        int events,
        Map<Fault, Integer> oneIn) {

    static final int DIMENSION = 16;

    static Scenario roll(Dice dice) {
        int groups = dice.oneIn(12) ? 1 : dice.between(2, 5);
        int targets = dice.oneIn(4) ? 2 : 1;
        RoundSpec rounds =
                new RoundSpec(
                        dice.between(1, 4),
                        dice.between(1, 5),
                        dice.oneIn(4) ? dice.between(1, 8) : 0);
        double[] priors = simplex(dice, groups);
        long seed = dice.word();
        int ranks = dice.between(1, 3);
        return new Scenario(
                spec("first", dice, seed, priors, targets, rounds),
                spec("second", dice, seed, priors, targets, rounds),
                ranks,
                dice.between(1, ranks),
                dice.between(2, 6),
                dice.between(1, 6),
                dice.oneIn(2),
                dice.oneIn(2) ? 0 : dice.between(1, 3),
                dice.between(300, 1800),
                faults(dice));
    }

    /** The run's declarations, oldest first. */
    List<RunSpec> declarations() {
        return List.of(spec, redeclared);
    }

    private static RunSpec spec(
            String digest, Dice dice, long seed, double[] priors, int targets, RoundSpec rounds) {
        List<GroupSpec> groups = new ArrayList<>();
        for (int j = 0; j < priors.length; j++) {
            groups.add(
                    new GroupSpec(
                            new GroupId("group-" + j),
                            priors[j],
                            dice.oneIn(2) ? 0 : priors[j] * dice.unit(),
                            dice.oneIn(2) ? 1 : Math.min(1, priors[j] * (1 + dice.unit() / 2))));
        }
        List<TargetSpec> held = new ArrayList<>();
        for (int i = 0; i < targets; i++) {
            held.add(new TargetSpec(new TargetId("target-" + i), 1.0 / targets));
        }
        PolicySpec policy =
                dice.oneIn(8)
                        ? PolicySpec.of("static")
                        : PolicySpec.of("dga", Map.of("eta", 0.1 + 2 * dice.unit()));
        Dice others = new Dice(seed + digest.length());
        return new RunSpec(
                "run",
                partly(groups, others),
                held,
                policy,
                guards(dice, new Dice(seed)),
                partly(rounds, new Dice(seed - digest.length())),
                new SketchSpec(DIMENSION, 7),
                dice.between(1, 3),
                seed,
                dice.oneIn(12) ? Mode.OBSERVE : Mode.CONTROL,
                digest,
                others.oneIn(3) ? Optional.of("catalog") : Optional.empty());
    }

    /** Some worlds decide on rounds without some reporters. */
    private static RoundSpec partly(RoundSpec rounds, Dice dice) {
        return dice.oneIn(2)
                ? rounds
                : new RoundSpec(
                        rounds.steps(),
                        rounds.leadSteps(),
                        rounds.warmUpSteps(),
                        0.25 + dice.unit() / 2);
    }

    /** In some worlds groups wait, where the others can begin without them. */
    private static List<GroupSpec> partly(List<GroupSpec> groups, Dice dice) {
        if (dice.oneIn(2)) {
            return groups;
        }
        List<GroupSpec> fewer = new ArrayList<>(groups.subList(0, 1));
        double present = groups.get(0).prior();
        for (GroupSpec group : groups.subList(1, groups.size())) {
            boolean waits = dice.oneIn(2);
            fewer.add(group.withDormant(waits));
            present += waits ? 0 : group.prior();
        }
        double sum = present;
        boolean fits = fewer.stream().allMatch(g -> g.dormant() || g.prior() / sum <= g.cap());
        return fits ? fewer : groups;
    }

    /** Some worlds publish rarely; their dice are others, so that they are the same worlds. */
    private static GuardSpec guards(Dice dice, Dice pace) {
        double priorPull = dice.unit() / 2;
        double maxKl = 0.2 / (1 << dice.below(9));
        return new GuardSpec(
                priorPull,
                maxKl,
                0.1 + 0.9 * dice.unit(),
                dice.between(2, 4),
                4,
                pace.oneIn(12) ? maxKl * pace.unit() : 0,
                pace.oneIn(12) ? pace.between(2, 4) : 1,
                pace.oneIn(4) ? 0 : 8,
                0);
    }

    /**
     * Each fault is there in half of the worlds, so that some have few and are easy to read. Those
     * of single records are rarer at each of their many chances.
     */
    private static Map<Fault, Integer> faults(Dice dice) {
        Map<Fault, Integer> oneIn = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            if (dice.oneIn(2)) {
                oneIn.put(fault, dice.between(1, 6) * (fault.isOfRecords() ? 12 : 1));
            }
        }
        return oneIn;
    }

    private static double[] simplex(Dice dice, int size) {
        double[] weights = new double[size];
        double sum = 0;
        for (int j = 0; j < size; j++) {
            weights[j] = 0.05 + dice.unit();
            sum += weights[j];
        }
        for (int j = 0; j < size; j++) {
            weights[j] /= sum;
        }
        return weights;
    }
}
