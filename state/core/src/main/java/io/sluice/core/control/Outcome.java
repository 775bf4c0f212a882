package io.sluice.core.control;

import io.sluice.core.control.OperatorCommand.Kind;
import java.util.OptionalLong;

/**
 * What became of a command.
 *
 * @param command its id
 * @param kind what was wanted
 * @param who who wanted it
 * @param why their reason
 * @param accepted whether it holds from this decision on
 * @param message why it was refused, or what to know besides; may be empty
 * @param untilStep first step for which it holds no more
 */
public record Outcome(
        String command,
        Kind kind,
        String who,
        String why,
        boolean accepted,
        String message,
        OptionalLong untilStep) {

    /** Longest message, in characters of ASCII. */
    public static final int MAX_MESSAGE = 160;

    public Outcome {
        String plain = message.replaceAll("[^ -~]", "?");
        message = plain.length() <= MAX_MESSAGE ? plain : plain.substring(0, MAX_MESSAGE);
    }
}
