package io.sluice.ops.cli;

import io.sluice.ops.bench.CandidatesBench;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench candidates}. */
@Command(
        name = "candidates",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "How fast the candidate job takes in documents of 1 KB, what they cost on disk, and how many of the near"
                        + " duplicates planted among them it finds; then how near it comes to the embedding model alone.")
final class CandidatesBenchCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--documents",
            paramLabel = "N",
            description = "How many documents.",
            defaultValue = "100000")
    private int documents;

    @Option(
            names = "--embedded",
            paramLabel = "N",
            description =
                    "How many documents for the embedding model, all of which it is asked about; 0 leaves it out.",
            defaultValue = "1000")
    private int embedded;

    @Option(
            names = "--corpus",
            paramLabel = "FOLDER",
            description = "Texts to make them of: .txt and .txt.gz files.",
            defaultValue = "${sys:sluice.home:-.}/ops/corpus/groups")
    private Path corpus;

    @Override
    public Integer call() throws Exception {
        output.require(
                documents >= 1_000 && documents <= 10_000_000,
                "--documents must be 1000 to 10000000, not " + documents);
        output.require(
                embedded == 0 || embedded >= 100 && embedded <= 1_000_000,
                "--embedded must be 0, or 100 to 1000000, not " + embedded);
        return output.tell(
                () -> new CandidatesBench(corpus, documents, embedded, System.err).run());
    }
}
