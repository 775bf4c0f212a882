package io.sluice.ops.cli;

import io.sluice.schemas.RemovalRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice candidates remove}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description =
                "Removes a document, or all documents of a source, those to come included. Who asked and why stands on the"
                        + " topics for ever.")
final class CandidatesRemoveCommand implements Callable<Integer> {

    @Mixin private CatalogOptions options;

    @ArgGroup(multiplicity = "1")
    private What what;

    static final class What {
        @Option(names = "--document", paramLabel = "ID", description = "The document.")
        private String document;

        @Option(names = "--source", paramLabel = "S", description = "The source.")
        private String source;
    }

    @Option(
            names = "--why",
            required = true,
            paramLabel = "TEXT",
            description = "Why, for the audit.")
    private String why;

    @Override
    public Integer call() throws Exception {
        boolean document = what.document != null;
        options.write(
                new RemovalRequest(
                        options.catalog(),
                        document ? options.id("--document", what.document) : "",
                        document ? "" : options.id("--source", what.source),
                        options.by(),
                        why));
        System.out.println("the request is written");
        return 0;
    }
}
