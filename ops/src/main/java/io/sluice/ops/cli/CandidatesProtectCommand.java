package io.sluice.ops.cli;

import io.sluice.ops.candidates.Split;
import io.sluice.ops.candidates.TargetProtection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice candidates protect}. */
@Command(
        name = "protect",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Registers the text of a target with a catalog, so that documents which hold 13 words in a row of it are"
                        + " kept out. Only hashes are written.")
final class CandidatesProtectCommand implements Callable<Integer> {

    @Mixin private CatalogOptions options;

    @Option(names = "--target", required = true, paramLabel = "T", description = "The target.")
    private String target;

    @Option(
            names = "--split",
            paramLabel = "AT",
            description = "As for load; words do not run on across documents.",
            defaultValue = "BLANK")
    private Split split;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Its text.")
    private List<Path> files;

    @Override
    public Integer call() throws Exception {
        String catalog = options.catalog();
        String id = options.id("--target", target);
        TargetProtection.Registered registered =
                options.with(log -> TargetProtection.register(log, catalog, id, files, split));
        System.out.println(registered.ngrams() + " runs of 13 words are registered");
        if (registered.tooShort() > 0) {
            System.err.println(
                    registered.tooShort()
                            + " documents hold fewer than 13 words and are not protected");
        }
        return 0;
    }
}
