package io.sluice.ops.cli;

import io.sluice.ops.candidates.CatalogLog;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice candidates group}. */
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Announces a group of a catalog, excludes it, or retires it.")
final class CandidatesGroupCommand implements Callable<Integer> {

    @Mixin private CatalogOptions options;

    @Option(names = "--group", required = true, paramLabel = "G", description = "The group.")
    private String group;

    /** What a person may make of a group. */
    enum State {
        ACTIVE,
        EXCLUDED,
        RETIRED
    }

    @Option(
            names = "--state",
            required = true,
            paramLabel = "STATE",
            description = "${COMPLETION-CANDIDATES}; all but the first take no documents.")
    private State state;

    @Option(
            names = "--embedding-size",
            paramLabel = "N",
            description =
                    "Numbers in its documents' embeddings; 0: they have none. When absent, it stays what it is, 0 for a"
                            + " new group.")
    private Integer embeddingSize;

    @Option(
            names = "--why",
            required = true,
            paramLabel = "TEXT",
            description = "Why, for the audit.")
    private String why;

    @Override
    public Integer call() throws Exception {
        String catalog = options.catalog();
        String id = options.id("--group", group);
        options.with(
                log -> {
                    options.write(
                            log,
                            new CatalogGroup(
                                    catalog,
                                    id,
                                    CatalogGroupState.valueOf(state.name()),
                                    embeddingSize(log, catalog),
                                    options.by(),
                                    why));
                    return null;
                });
        System.out.println("group " + group + " is " + state);
        return 0;
    }

    private int embeddingSize(CatalogLog log, String catalog) {
        return embeddingSize != null
                ? embeddingSize
                : log.group(catalog, group).map(CatalogGroup::getEmbeddingSize).orElse(0);
    }
}
