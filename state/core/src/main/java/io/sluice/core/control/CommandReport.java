package io.sluice.core.control;

import io.sluice.core.control.Overrides.Standing;
import java.util.List;

/**
 * What a decision says of operators' commands.
 *
 * @param outcomes commands that were decided on, in their order; at most {@link
 *     CommandDesk#MAX_OUTCOMES}
 * @param standing commands that hold after the decision, oldest first
 * @param ended commands that ended by themselves: their step came, or a new declaration
 */
public record CommandReport(List<Outcome> outcomes, List<Standing> standing, List<String> ended) {

    /** No commands. */
    public static final CommandReport NONE = new CommandReport(List.of(), List.of(), List.of());

    public CommandReport {
        outcomes = List.copyOf(outcomes);
        standing = List.copyOf(standing);
        ended = List.copyOf(ended);
    }
}
