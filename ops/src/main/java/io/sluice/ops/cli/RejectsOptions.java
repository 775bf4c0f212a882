package io.sluice.ops.cli;

import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.RejectsText;
import io.sluice.ops.inspect.RejectsView;
import io.sluice.ops.inspect.ViewJson;
import io.sluice.schemas.RejectReason;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which rejects are listed, and how; the same for {@code rejects} and {@code rejects list}. */
final class RejectsOptions {

    private static final int MOST_REJECTS = 10_000;

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "Only records with this key.")
    private String run;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only this reason: ${COMPLETION-CANDIDATES}.")
    private RejectReason reason;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "How many, the newest.",
            defaultValue = "20")
    private int last;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    /**
     * Lists them.
     *
     * @return the exit code
     */
    int list() {
        options.require(
                last >= 1 && last <= MOST_REJECTS,
                "--last must be 1 to " + MOST_REJECTS + ", not " + last);
        try (Inspector inspector = options.inspector()) {
            RejectsView rejects =
                    inspector.rejects(Optional.ofNullable(run), Optional.ofNullable(reason), last);
            System.out.print(
                    output == Output.JSON ? ViewJson.pretty(rejects) : RejectsText.of(rejects));
        }
        return 0;
    }
}
