package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ReplayView;
import io.sluice.ops.inspect.ViewJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Makes all recorded decisions of a run once more, from the log alone, and compares them bit by bit: signals are"
                        + " reduced and rounds decided by the same classes as in the job, and the decisions say which of their"
                        + " inputs depended on when things happened.",
        footer = {
            "",
            "Ends with code 3 at the first decision that is not the same, or for which the log lacks a record: telemetry is"
                    + " kept for days, decisions for longer.",
            "",
            "Examples:",
            "  ./sluice replay --run pt-1b",
            "  ./sluice replay --run pt-1b --out decisions.jsonl",
            "  ./sluice replay --run pt-1b --output json"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final int DIFFERENT = 3;

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "The run.", required = true)
    private String run;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the decisions that were made once more, as JSON, one a line.")
    private Path out;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        ReplayView view;
        try (Inspector inspector = options.inspector();
                Writer lines = writer()) {
            view =
                    inspector.replay(
                            run,
                            decision -> {
                                try {
                                    lines.write(ViewJson.line(decision));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(
                    "cannot write to " + out + " (" + e.getMessage() + "): choose another --out",
                    e);
        }
        System.out.print(output == Output.JSON ? ViewJson.pretty(view) : view.text());
        return view.difference().isPresent() ? DIFFERENT : 0;
    }

    private Writer writer() throws IOException {
        return out == null ? Writer.nullWriter() : Files.newBufferedWriter(out);
    }
}
