package io.sluice.ops.cli;

import io.sluice.ops.inspect.Inspector;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command that only looks reaches the log; the same options for all of them. */
final class InspectOptions {

    private static final int LONGEST_SECONDS = 3_600;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin private KafkaOptions kafka;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Most time to read one topic.",
            defaultValue = "60")
    private int timeout;

    /** A reader of the log. */
    Inspector inspector() {
        return new Inspector(kafka.client(), kafka.prefix(), limit());
    }

    KafkaOptions kafka() {
        return kafka;
    }

    Duration limit() {
        require(
                timeout >= 1 && timeout <= LONGEST_SECONDS,
                "--timeout must be 1 to " + LONGEST_SECONDS + " seconds, not " + timeout);
        return Duration.ofSeconds(timeout);
    }

    /** Ends the command as wrong usage where something does not hold. */
    void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), message);
        }
    }
}
