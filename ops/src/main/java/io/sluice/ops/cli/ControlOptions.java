package io.sluice.ops.cli;

import io.sluice.core.control.CommandDesk;
import io.sluice.flink.contract.FromContract;
import io.sluice.ops.UserException;
import io.sluice.ops.control.CommandSender;
import io.sluice.ops.inspect.CommandLine;
import io.sluice.ops.inspect.CommandWatch;
import io.sluice.ops.inspect.CommandWatch.Answer;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.Contract;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RunSpec;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How an operator's command is given and confirmed; the same options for all of them. */
final class ControlOptions {

    private static final int REFUSED = 3;
    private static final int UNCONFIRMED = 1;
    private static final int LONGEST_WAIT = 86_400;
    private static final long POLL_MILLIS = 500;
    private static final int MOST_STEPS = 1_000_000_000;

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "The run.", required = true)
    private String run;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "The reason; it stands in the decision that heeds the command.",
            required = true)
    private String why;

    @Option(
            names = "--who",
            paramLabel = "NAME",
            description = "Who wants it.",
            defaultValue = "${sys:user.name}")
    private String who;

    @Option(
            names = "--for-steps",
            paramLabel = "N",
            description =
                    "Ends by itself so many steps after the last decided one; otherwise it holds until it is undone. Not for add-group and retire-group.")
    private Integer forSteps;

    @Option(
            names = "--dry-run",
            description = "Checks the command and shows its record; gives nothing.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description =
                    "How long to wait for the decision that confirms it, which comes with the next round; 0 does not wait.",
            defaultValue = "60")
    private int wait;

    /**
     * Gives a command that needs nothing of the run.
     *
     * @return the exit code
     */
    int give(CommandKind kind) throws Exception {
        return give(kind, (command, watch) -> {});
    }

    /**
     * Gives a command, and waits for the decision that says what became of it.
     *
     * @param filling fills in what is wanted, with what it needs of the run
     * @return the exit code
     */
    int give(CommandKind kind, BiConsumer<OperatorCommand.Builder, CommandWatch> filling)
            throws Exception {
        options.require(
                wait >= 0 && wait <= LONGEST_WAIT,
                "--wait must be 0 to " + LONGEST_WAIT + " seconds, not " + wait);
        options.require(
                forSteps == null || forSteps >= 1 && forSteps <= MOST_STEPS,
                "--for-steps must be 1 to " + MOST_STEPS + ", not " + forSteps);
        new Contract();
        try (CommandWatch watch =
                new CommandWatch(
                        options.kafka().client(), options.kafka().prefix(), options.limit(), run)) {
            RunSpec declared = watch.declaration();
            long next = watch.nextStep();
            OperatorCommand.Builder builder =
                    OperatorCommand.newBuilder()
                            .setRunId(run)
                            .setId(UUID.randomUUID().toString().substring(0, 13))
                            .setKind(kind)
                            .setWho(who)
                            .setWhy(why)
                            .setWhenMillis(Clock.systemUTC().millis())
                            .setUntilStep(forSteps == null ? -1 : next + forSteps);
            filling.accept(builder, watch);
            OperatorCommand command = builder.build();
            check(command, declared);
            if (dryRun) {
                System.out.println(command);
                return 0;
            }
            CommandSender.send(options.kafka().client(), options.kafka().prefix(), command);
            System.out.println(
                    "command " + command.getId() + ": " + CommandLine.of(command).what());
            System.out.flush();
            return confirm(watch, command);
        }
    }

    /** Ends the command as wrong usage where something does not hold. */
    void require(boolean holds, String message) {
        options.require(holds, message);
    }

    private int confirm(CommandWatch watch, OperatorCommand command) throws InterruptedException {
        long deadline = System.nanoTime() + wait * 1_000_000_000L;
        Optional<Answer> answer = Optional.empty();
        while (wait > 0 && answer.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
            answer = watch.answer(command.getId());
        }
        if (answer.isEmpty()) {
            System.err.println(
                    (wait == 0 ? "not waited for" : "no decision has heeded it in " + wait + " s")
                            + "; the next one will: './sluice status --run "
                            + run
                            + "' shows what holds");
            return wait == 0 ? 0 : UNCONFIRMED;
        }
        System.out.println(text(answer.get()));
        return answer.get().accepted() ? 0 : REFUSED;
    }

    private static String text(Answer answer) {
        String reason = answer.message().isEmpty() ? "" : ": " + answer.message();
        if (!answer.accepted()) {
            String where =
                    answer.round() < 0
                            ? "turned away"
                            : "refused by the decision on round " + answer.round();
            return where + reason;
        }
        String plan =
                answer.planVersion() < 0
                        ? "no new plan"
                        : String.format(
                                Locale.ROOT,
                                "plan %d from step %d on",
                                answer.planVersion(),
                                answer.effectiveStep());
        return "accepted by the decision on round " + answer.round() + ", " + plan + reason;
    }

    private static void check(OperatorCommand command, RunSpec declared) {
        try {
            new CommandDesk(FromContract.spec(declared)).check(FromContract.command(command));
        } catch (IllegalArgumentException e) {
            String name = command.getKind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            throw UserException.invalid(name + ": " + e.getMessage(), e);
        }
    }
}
