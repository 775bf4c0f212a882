package io.sluice.ops.cli;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateRules;
import io.sluice.core.domain.Ids;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.ops.candidates.CatalogLog;
import io.sluice.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the catalog is, and who speaks; the same options for all. */
final class CatalogOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin private KafkaOptions kafka;

    @Option(names = "--catalog", required = true, paramLabel = "C", description = "The catalog.")
    private String catalog;

    @Option(
            names = "--by",
            paramLabel = "WHO",
            description = "Who asks for it, for the audit.",
            defaultValue = "${sys:user.name}")
    private String by;

    /** Checks an identifier that a person has typed. */
    String id(String option, String value) {
        if (!Ids.isValid(value)) {
            throw new ParameterException(
                    command.commandLine(),
                    option
                            + " '"
                            + value
                            + "' is not an identifier: use 1 to "
                            + Ids.MAX_LENGTH
                            + " letters, digits or . _ / + -");
        }
        return value;
    }

    /** Checks a language that a person has typed. */
    String language(String value) {
        if (!CandidateRules.isLanguage(value)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--language '" + value + "' is not a tag such as en or pt-BR");
        }
        return value;
    }

    /** Checks the bytes of a token that a person has typed: no tokeniser makes two of a byte. */
    double bytesPerToken(double value) {
        if (!(value >= 1 && value <= CandidateRules.MAX_TEXT)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--bytes-per-token " + value + " is not 1 to " + CandidateRules.MAX_TEXT);
        }
        return value;
    }

    /** Who asks. */
    String by() {
        return by;
    }

    String catalog() {
        return id("--catalog", catalog);
    }

    /** Works on the catalog's topics. */
    <T> T with(LogWork<T> work) throws Exception {
        return kafka.translate(
                () -> {
                    try (CatalogLog log = new CatalogLog(kafka.client(), kafka.prefix())) {
                        return work.apply(log);
                    }
                });
    }

    /** Writes one record to the catalogs topic, if it obeys the rules there. */
    void write(SpecificRecord value) throws Exception {
        with(
                log -> {
                    write(log, value);
                    return null;
                });
    }

    /** The same, with a log that is open. */
    void write(CatalogLog log, SpecificRecord value) {
        try {
            CatalogRecords.check(value);
        } catch (CandidateException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        log.send(Topic.CATALOGS, catalog, value);
        log.flush();
    }

    /** Some work on the topics. */
    interface LogWork<T> {
        T apply(CatalogLog log) throws Exception;
    }
}
