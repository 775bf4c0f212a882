package io.sluice.ops.inspect;

import io.sluice.schemas.CommandKind;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.StandingCommand;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operator's command in short.
 *
 * @param id names the command
 * @param kind what is wanted
 * @param what the same in words, with groups and shares
 * @param who who wants it
 * @param why their reason
 * @param untilStep first step for which it holds no more; -1 when it holds until it is undone
 */
public record CommandLine(
        String id, CommandKind kind, String what, String who, String why, long untilStep) {

    private static final int MOST_GROUPS = 8;

    /** What a record says. */
    public static CommandLine of(OperatorCommand command) {
        return new CommandLine(
                command.getId(),
                command.getKind(),
                what(command),
                command.getWho(),
                command.getWhy(),
                command.getUntilStep());
    }

    /**
     * The commands that hold, of those that a decision names.
     *
     * @param told the commands whose records are in the log, by id; of others only the kind is
     *     known
     */
    static List<CommandLine> holding(List<StandingCommand> named, Map<String, CommandLine> told) {
        return named.stream()
                .filter(command -> !command.getEnded())
                .map(command -> told.getOrDefault(command.getId(), unknown(command)))
                .toList();
    }

    private static CommandLine unknown(StandingCommand command) {
        CommandKind kind = command.getKind();
        return new CommandLine(
                command.getId(),
                kind,
                kind.name(),
                Words.UNKNOWN,
                Words.UNKNOWN,
                command.getUntilStep());
    }

    private static String what(OperatorCommand command) {
        return switch (command.getKind()) {
            case PIN -> "pin " + shares(command.getWeights());
            case UNPIN -> command.getGroups().isEmpty() ? "unpin all" : "unpin " + groups(command);
            case FREEZE -> "freeze";
            case UNFREEZE -> "unfreeze";
            case EXCLUDE -> "exclude " + groups(command);
            case INCLUDE -> "include " + groups(command);
            case ROLLBACK ->
                    command.getVersion() <= 0
                            ? "roll back to the prior"
                            : "roll back to plan " + command.getVersion();
            case SET_POLICY -> policy(command);
            case ADD_GROUP -> "add " + groups(command);
            case RETIRE_GROUP -> "retire " + groups(command);
            case UNKNOWN -> "a command that this build does not know";
        };
    }

    private static String policy(OperatorCommand command) {
        StringBuilder text = new StringBuilder("set policy ");
        text.append(command.getPolicy().isEmpty() ? "as declared" : command.getPolicy());
        command.getPolicyOptions()
                .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        if (command.getMaxKl() >= 0) {
            text.append(", max-kl ").append(command.getMaxKl());
        }
        if (command.getPriorPull() >= 0) {
            text.append(", prior-pull ").append(command.getPriorPull());
        }
        if (!command.getFloors().isEmpty()) {
            text.append(", floors ").append(shares(command.getFloors()));
        }
        if (!command.getCaps().isEmpty()) {
            text.append(", caps ").append(shares(command.getCaps()));
        }
        return text.toString();
    }

    private static String groups(OperatorCommand command) {
        return shortened(command.getGroups().stream(), command.getGroups().size());
    }

    private static String shares(List<GroupWeight> weights) {
        return shortened(
                weights.stream().map(w -> w.getGroup() + "=" + w.getWeight()), weights.size());
    }

    private static String shortened(Stream<String> items, int size) {
        String first = items.limit(MOST_GROUPS).collect(Collectors.joining(" "));
        return size > MOST_GROUPS ? first + " and " + (size - MOST_GROUPS) + " more" : first;
    }
}
