package io.sluice.ops.cli;

import io.sluice.schemas.CatalogRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice candidates follow}. */
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        description =
                "Says that a run draws from a catalog, so that admission follows its plans, or that it does no more.")
final class CandidatesFollowCommand implements Callable<Integer> {

    @Mixin private CatalogOptions options;

    @Option(names = "--run", required = true, paramLabel = "RUN", description = "The run.")
    private String run;

    @Option(names = "--stop", description = "It draws no more.")
    private boolean stop;

    @Override
    public Integer call() throws Exception {
        options.write(
                new CatalogRun(
                        options.catalog(), options.id("--run", run), !stop, options.by(), ""));
        System.out.println(
                "admission " + (stop ? "no longer follows" : "follows") + " the plans of " + run);
        return 0;
    }
}
