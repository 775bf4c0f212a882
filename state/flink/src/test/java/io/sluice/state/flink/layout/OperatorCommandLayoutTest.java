package io.sluice.state.flink.layout;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.PolicySpec;
import io.sluice.state.flink.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

class OperatorCommandLayoutTest extends LayoutContract<OperatorCommand> {

    @Override
    Layout<OperatorCommand> layout() {
        return OperatorCommandLayout.INSTANCE;
    }

    @Override
    OperatorCommand realistic() {
        return command(Kind.SET_POLICY, OptionalLong.of(9_000));
    }

    @Override
    List<OperatorCommand> extremes() {
        List<OperatorCommand> commands = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            commands.add(command(kind, OptionalLong.empty()));
            commands.add(command(kind, OptionalLong.of(Long.MAX_VALUE)));
        }
        return commands;
    }

    static OperatorCommand command(Kind kind, OptionalLong untilStep) {
        GroupId group = TestingState.plan().mixture().groups().get(0);
        boolean moves = kind == Kind.ADD_GROUP || kind == Kind.RETIRE_GROUP;
        boolean lists = moves || kind == Kind.EXCLUDE || kind == Kind.INCLUDE || kind == Kind.UNPIN;
        return new OperatorCommand(
                TestingState.RUN,
                "2f1c9a4e",
                kind,
                "ana@lab",
                "\u00fcberzogen seit Schritt 2000",
                moves ? OptionalLong.empty() : untilStep,
                lists ? new TreeSet<>(List.of(group)) : new TreeSet<>(),
                kind == Kind.PIN ? new TreeMap<>(Map.of(group, 0.25)) : new TreeMap<>(),
                kind == Kind.ROLLBACK
                        ? Optional.of(TestingState.plan().mixture())
                        : Optional.empty(),
                kind == Kind.SET_POLICY ? Optional.of(change(group)) : Optional.empty());
    }

    static PolicyChange change(GroupId group) {
        return new PolicyChange(
                Optional.of(PolicySpec.of("dga", Map.of("eta", 0.25))),
                new TreeMap<>(Map.of(group, 0.0625)),
                new TreeMap<>(Map.of(group, 0.75)),
                OptionalDouble.of(0.01),
                OptionalDouble.empty());
    }
}
