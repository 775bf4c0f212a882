package io.sluice.ops.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice candidates}. */
@Command(
        name = "candidates",
        mixinStandardHelpOptions = true,
        description = "Feeds catalogs with documents, and looks after what is in them.",
        synopsisSubcommandLabel = "WHAT",
        footer = {
            "",
            "The candidate job must run: ./sluice job submit --job candidates; docs/candidates.md says what it does.",
            "Examples:",
            "  ./sluice candidates load --bootstrap broker:9092 --catalog web --group en crawl-*.jsonl.zst",
            "  ./sluice candidates protect --bootstrap broker:9092 --catalog web --target exam exam.txt",
            "  ./sluice candidates remove --bootstrap broker:9092 --catalog web --source crawl-7 --why 'licence withdrawn'"
        },
        subcommands = {
            CandidatesLoadCommand.class,
            CandidatesRemoveCommand.class,
            CandidatesGroupCommand.class,
            CandidatesFollowCommand.class,
            CandidatesProtectCommand.class,
            CandidatesEmbedCommand.class
        })
final class CandidatesCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: load, remove, group, follow, protect or embed");
    }
}
