package io.sluice.core.testing;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** What operators say in tests. */
public final class TestingCommands {

    private TestingCommands() {}

    /** A command that needs no more than its kind. */
    public static OperatorCommand of(String id, Kind kind) {
        return groups(id, kind);
    }

    /** A command that lists groups. */
    public static OperatorCommand groups(String id, Kind kind, String... groups) {
        TreeSet<GroupId> ids = new TreeSet<>();
        for (String group : groups) {
            ids.add(new GroupId(group));
        }
        return command(id, kind, ids, Map.of(), Optional.empty(), Optional.empty());
    }

    /** A pin of these shares. */
    public static OperatorCommand pin(String id, Map<String, Double> shares) {
        return command(id, Kind.PIN, new TreeSet<>(), shares, Optional.empty(), Optional.empty());
    }

    /** A return to a mixture. */
    public static OperatorCommand rollback(String id, Mixture mixture) {
        return command(
                id,
                Kind.ROLLBACK,
                new TreeSet<>(),
                Map.of(),
                Optional.of(mixture),
                Optional.empty());
    }

    /** Another policy, with its default options. */
    public static OperatorCommand policy(String id, String name) {
        return change(
                id,
                new PolicyChange(
                        Optional.of(PolicySpec.of(name)),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()));
    }

    /** Another cap of one group. */
    public static OperatorCommand cap(String id, String group, double cap) {
        return change(
                id,
                new PolicyChange(
                        Optional.empty(),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of(new GroupId(group), cap)),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()));
    }

    /** Another rule. */
    public static OperatorCommand change(String id, PolicyChange change) {
        return command(
                id,
                Kind.SET_POLICY,
                new TreeSet<>(),
                Map.of(),
                Optional.empty(),
                Optional.of(change));
    }

    /** The same command with an end. */
    public static OperatorCommand until(long step, OperatorCommand command) {
        return new OperatorCommand(
                command.runId(),
                command.id(),
                command.kind(),
                command.who(),
                command.why(),
                OptionalLong.of(step),
                command.groups(),
                command.pins(),
                command.rollback(),
                command.policy());
    }

    private static OperatorCommand command(
            String id,
            Kind kind,
            TreeSet<GroupId> groups,
            Map<String, Double> shares,
            Optional<Mixture> rollback,
            Optional<PolicyChange> policy) {
        TreeMap<GroupId, Double> pins = new TreeMap<>();
        shares.forEach((group, share) -> pins.put(new GroupId(group), share));
        return new OperatorCommand(
                "run",
                id,
                kind,
                "ana",
                "a test",
                OptionalLong.empty(),
                groups,
                pins,
                rollback,
                policy);
    }
}
