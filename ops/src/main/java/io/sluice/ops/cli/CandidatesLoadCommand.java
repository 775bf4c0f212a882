package io.sluice.ops.cli;

import io.sluice.ops.candidates.CandidateLoader;
import io.sluice.ops.candidates.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice candidates load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Offers the documents of files to a group of a catalog. A file is JSON Lines (.jsonl; fields text or uri, and"
                        + " id, source, language, tokens) or text, plain, .gz or .zst. Loading a file again does no harm.")
final class CandidatesLoadCommand implements Callable<Integer> {

    private static final int SOME_UNSENT = 3;

    @Mixin private CatalogOptions options;

    @Option(
            names = "--group",
            required = true,
            paramLabel = "G",
            description = "The group; it is announced where it is new.")
    private String group;

    @Option(
            names = "--source",
            paramLabel = "S",
            description = "Where documents come from that do not say so; else the file's name.")
    private String source;

    @Option(
            names = "--language",
            paramLabel = "TAG",
            description = "Their language, where they do not say so.",
            defaultValue = "")
    private String language;

    @Option(
            names = "--split",
            paramLabel = "AT",
            description =
                    "Where a document of a text file ends: ${COMPLETION-CANDIDATES} (blank line, line, file).",
            defaultValue = "BLANK")
    private Split split;

    @Option(
            names = "--bytes-per-token",
            paramLabel = "N",
            description =
                    "Bytes of text that the runs' tokeniser makes a token of, at least 1, for documents that do not say"
                            + " their tokens. Supply counts in it what trainers count in tokens.",
            defaultValue = "4")
    private double bytesPerToken;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
    private List<Path> files;

    @Override
    public Integer call() throws Exception {
        CandidateLoader.Options what =
                new CandidateLoader.Options(
                        options.catalog(),
                        options.id("--group", group),
                        Optional.ofNullable(source).map(value -> options.id("--source", value)),
                        options.language(language),
                        split,
                        options.bytesPerToken(bytesPerToken),
                        options.by());
        CandidateLoader.Result result =
                options.with(
                        log ->
                                new CandidateLoader(
                                                log,
                                                what,
                                                System.err,
                                                Boolean.getBoolean("sluice.terminal"))
                                        .load(files));
        System.out.println(result.sent() + " documents sent, " + result.unsent() + " not sent");
        return result.unsent() == 0 ? 0 : SOME_UNSENT;
    }
}
