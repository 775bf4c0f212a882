package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import io.sluice.ops.run.RunFileException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./sluice}: what there is, and how errors are told. */
@Command(
        name = "sluice",
        mixinStandardHelpOptions = true,
        version = "sluice 0.1.0-SNAPSHOT",
        description =
                "Streaming online data mixing for language-model training: moves the proportions that a live training run"
                        + " draws from, by what the data does to the model.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  ./sluice demo                            watch a transformer train while its mixture moves",
            "  ./sluice demo --policy static            the same without feedback, to compare with",
            "  ./sluice validate run.yaml               what a run of your own comes to",
            "  ./sluice up --run run.yaml               Kafka, Flink and a bridge for your own trainer, on this machine",
            "  ./sluice cluster --run run.yaml          the same as processes of their own, to be killed and looked at",
            "  ./sluice topics create --bootstrap ...   the topics, on a Kafka of your own",
            "  ./sluice job submit --bootstrap ...      the job, to a Flink of your own",
            "  ./sluice bridge --run run.yaml ...       a bridge beside your trainer",
            "  ./sluice status                          where the runs of a broker stand",
            "  ./sluice explain 1480 --run R            why the mixture is what it is at a step",
            "  ./sluice policies                        what can move the mixture; policy-step and simulate try it",
            "  ./sluice candidates load FILE ...        documents for a catalog, while training runs",
            "  ./sluice pin es=0.3 --run R --why ...     fix a share by hand; freeze, exclude, rollback, set-policy likewise",
            "  ./sluice bench loop-latency              how long feedback takes; bench --help has the others",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a run file or a command is not good, 4 brokers do not answer, 130 interrupted."
        },
        subcommands = {
            DemoCommand.class,
            ValidateCommand.class,
            UpCommand.class,
            ClusterCommand.class,
            ChaosCommand.class,
            BridgeCommand.class,
            TopicsCommand.class,
            JobCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            HistoryCommand.class,
            ReplayCommand.class,
            RecordCommand.class,
            ExplainCommand.class,
            DecodeCommand.class,
            RejectsCommand.class,
            PoliciesCommand.class,
            PolicyStepCommand.class,
            SimulateCommand.class,
            CandidatesCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            FreezeCommand.class,
            UnfreezeCommand.class,
            ExcludeCommand.class,
            IncludeCommand.class,
            RollbackCommand.class,
            SetPolicyCommand.class,
            AddGroupCommand.class,
            RetireGroupCommand.class,
            BenchCommand.class
        })
public final class SluiceCommand implements Runnable {

    private static final int RUN_FILE = 3;

    @Spec private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure.")
    private boolean verbose;

    private SluiceCommand() {}

    /** Runs a command line and returns its exit code. */
    public static int execute(String... args) {
        SluiceCommand root = new SluiceCommand();
        CommandLine line = new CommandLine(root);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(SluiceCommand::usageError);
        line.setExecutionExceptionHandler((e, command, result) -> root.failure(e, command));
        return line.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(
                "error: "
                        + oneLine(e.getMessage())
                        + "; try '"
                        + command.getCommandSpec().qualifiedName()
                        + " --help'");
        return CommandLine.ExitCode.USAGE;
    }

    private int failure(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        if (e instanceof RunFileException wrong) {
            err.println(wrong.getMessage());
            int count = wrong.problems().size();
            err.println(
                    "error: "
                            + count
                            + (count == 1 ? " problem" : " problems")
                            + " in the run file");
            err.flush();
            return RUN_FILE;
        }
        boolean expected = e instanceof UserException;
        err.println(
                "error: "
                        + oneLine(expected ? e.getMessage() : e.toString())
                        + (expected ? "" : Failures.HINT));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return e instanceof UserException known ? known.exitCode() : CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
