package io.sluice.core.simulation;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells the run whatever comes to mind, sensible or not, and now and then twice. */
final class Operator {

    private final World world;
    private final List<OperatorCommand> given = new ArrayList<>();

    Operator(World world) {
        this.world = world;
    }

    /**
     * Gives a few commands, or repeats one.
     *
     * @param step where training is
     */
    void act(long step) {
        Dice dice = world.dice();
        if (!given.isEmpty() && dice.oneIn(6)) {
            tell(dice.pick(given));
            return;
        }
        int commands = dice.between(1, 3);
        for (int i = 0; i < commands; i++) {
            OptionalLong until =
                    dice.oneIn(2) ? OptionalLong.of(step + dice.below(40)) : OptionalLong.empty();
            tell(command(dice.pick(List.of(Kind.values())), until));
        }
    }

    /** Ends every freeze, so that the mixture can move again. */
    void unfreeze() {
        tell(command(Kind.UNFREEZE, OptionalLong.empty()));
    }

    private void tell(OperatorCommand command) {
        given.add(command);
        world.coverage().count(command.kind());
        world.trace().note(() -> "operator: " + command);
        int times = world.strikes(Fault.REPEATED_RECORD) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            world.control().append(new LogRecord.Commanded(command));
        }
    }

    private OperatorCommand command(Kind kind, OptionalLong untilStep) {
        RunSpec spec = world.declared();
        TreeSet<GroupId> groups = new TreeSet<>();
        TreeMap<GroupId, Double> pins = new TreeMap<>();
        boolean moves = kind == Kind.ADD_GROUP || kind == Kind.RETIRE_GROUP;
        if (kind == Kind.EXCLUDE
                || kind == Kind.INCLUDE
                || moves
                || kind == Kind.UNPIN && world.dice().oneIn(3)) {
            groups.add(group(spec));
        }
        if (kind == Kind.PIN) {
            int pinned = world.dice().between(1, 2);
            for (int i = 0; i < pinned; i++) {
                pins.put(group(spec), 0.01 + 0.45 * world.dice().unit());
            }
        }
        return new OperatorCommand(
                "run",
                "command-" + given.size(),
                kind,
                "somebody",
                "because",
                moves ? OptionalLong.empty() : untilStep,
                groups,
                pins,
                kind == Kind.ROLLBACK ? Optional.of(earlier()) : Optional.empty(),
                kind == Kind.SET_POLICY ? Optional.of(change(spec)) : Optional.empty());
    }

    private Mixture earlier() {
        List<Mixture> known = world.oracle().plans().mixtures();
        return known.isEmpty() ? world.declared().prior() : world.dice().pick(known);
    }

    private GroupId group(RunSpec spec) {
        return world.dice().oneIn(25)
                ? new GroupId("alien")
                : world.dice().pick(spec.groups()).id();
    }

    private PolicyChange change(RunSpec spec) {
        Dice dice = world.dice();
        Map<GroupId, Double> floors = new TreeMap<>();
        Map<GroupId, Double> caps = new TreeMap<>();
        GroupSpec bounded = dice.pick(spec.groups());
        if (dice.oneIn(3)) {
            floors.put(bounded.id(), 1.1 * dice.unit() * bounded.prior());
        }
        if (dice.oneIn(3)) {
            caps.put(bounded.id(), Math.min(1, bounded.prior() * (1 + dice.unit())));
        }
        Optional<PolicySpec> policy =
                switch (dice.below(4)) {
                    case 0 -> Optional.of(PolicySpec.of("static"));
                    case 1 -> Optional.of(PolicySpec.of("dga", Map.of("eta", 0.5 + dice.unit())));
                    case 2 -> Optional.of(PolicySpec.of(dice.oneIn(2) ? "odm-paper" : "grape"));
                    default -> Optional.empty();
                };
        return new PolicyChange(
                policy,
                new TreeMap<>(floors),
                new TreeMap<>(caps),
                dice.oneIn(3)
                        ? OptionalDouble.of(0.2 / (1 << dice.below(9)))
                        : OptionalDouble.empty(),
                dice.oneIn(3) ? OptionalDouble.of(dice.unit() / 2) : OptionalDouble.empty());
    }
}
