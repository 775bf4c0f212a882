package io.sluice.ops.cli;

import io.sluice.ops.candidates.Split;
import io.sluice.ops.candidates.TargetEmbeddings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sluice candidates embed}. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Registers what a target's text means with a catalog, so that documents which resemble it are preferred: the mean"
                        + " of its documents' vectors. Use text that the target is not measured on. The job must run with the same model.")
final class CandidatesEmbedCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private CatalogOptions options;

    @Option(names = "--target", required = true, paramLabel = "T", description = "The target.")
    private String target;

    @Mixin private ModelOption model;

    @Option(
            names = "--split",
            paramLabel = "AT",
            description = "As for load; each document has a vector.",
            defaultValue = "BLANK")
    private Split split;

    @Option(names = "--stop", description = "The target's text is no longer to be resembled.")
    private boolean stop;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Its text.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws Exception {
        String catalog = options.catalog();
        String id = options.id("--target", target);
        if (stop == !files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "give the files of the target's text, or --stop");
        }
        if (stop) {
            options.write(TargetEmbeddings.none(catalog, id, options.by()));
            System.out.println("documents are no longer compared with " + target);
            return 0;
        }
        TargetEmbeddings.Embedded embedded = TargetEmbeddings.of(files, split, model.path());
        options.write(embedded.record(catalog, id, options.by()));
        System.out.println(
                "the mean of "
                        + embedded.documents()
                        + " documents is registered, a vector of "
                        + embedded.vector().length
                        + " numbers of model "
                        + embedded.model());
        return 0;
    }
}
