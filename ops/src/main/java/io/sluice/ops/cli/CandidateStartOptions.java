package io.sluice.ops.cli;

import io.sluice.core.domain.Ids;
import io.sluice.ops.candidates.CandidateStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether the candidate job is started too. */
final class CandidateStartOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--candidates",
            paramLabel = "CATALOG",
            description =
                    "Start the candidate job too (docs/candidates.md), and let admission to this catalog follow the run's plans.")
    private String catalog;

    @Option(
            names = "--scorer-model",
            paramLabel = "PATH",
            description = "With --candidates: the embedding model of the candidate job.")
    private Path model;

    /** What was asked for; empty for the mixture job alone. */
    Optional<CandidateStart> read() {
        require(model == null || catalog != null, "--scorer-model goes with --candidates");
        require(
                model == null || Files.exists(model),
                "--scorer-model: there is no model at " + model);
        if (catalog == null) {
            return Optional.empty();
        }
        require(
                Ids.isValid(catalog),
                "--candidates '"
                        + catalog
                        + "' is not an identifier: use letters, digits or . _ / + -");
        return Optional.of(new CandidateStart(catalog, Optional.ofNullable(model)));
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), message);
        }
    }
}
