package io.sluice.ops.candidates;

import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * How the candidate job is started beside the mixture job.
 *
 * @param catalog the catalog that the run draws from
 * @param model the embedding model; empty for none
 */
public record CandidateStart(String catalog, Optional<Path> model) {

    /** The job's settings with the model, if there is one. */
    public CandidateOptions with(CandidateOptions options) {
        return model.map(path -> options.withModel(path.toAbsolutePath().toString()))
                .orElse(options);
    }

    /** Says that a run draws from the catalog, so that admission follows its plans. */
    public void follow(Properties client, String run) {
        try (CatalogLog log = new CatalogLog(client, Topic.DEFAULT_PREFIX)) {
            log.send(
                    Topic.CATALOGS,
                    catalog,
                    new CatalogRun(
                            catalog,
                            run,
                            true,
                            System.getProperty("user.name", ""),
                            "started beside the run"));
            log.flush();
        }
    }
}
