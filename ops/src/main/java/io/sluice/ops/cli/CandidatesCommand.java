package io.sluice.ops.cli;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateRules;
import io.sluice.core.domain.Ids;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.ops.candidates.CandidateLoader;
import io.sluice.ops.candidates.CatalogLog;
import io.sluice.ops.candidates.Split;
import io.sluice.ops.candidates.TargetProtection;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.RemovalRequest;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sluice candidates}. */
@Command(
        name = "candidates",
        mixinStandardHelpOptions = true,
        description = "Feeds catalogs with documents, and looks after what is in them.",
        synopsisSubcommandLabel = "WHAT",
        footer = {
            "",
            "The candidate job must run: ./sluice job submit --job candidates; docs/candidates.md says what it does.",
            "Examples:",
            "  ./sluice candidates load --bootstrap broker:9092 --catalog web --group en crawl-*.jsonl.zst",
            "  ./sluice candidates protect --bootstrap broker:9092 --catalog web --target exam exam.txt",
            "  ./sluice candidates remove --bootstrap broker:9092 --catalog web --source crawl-7 --why 'licence withdrawn'"
        },
        subcommands = {
            CandidatesCommand.Load.class,
            CandidatesCommand.Remove.class,
            CandidatesCommand.Group.class,
            CandidatesCommand.Follow.class,
            CandidatesCommand.Protect.class
        })
final class CandidatesCommand implements Runnable {

    private static final int SOME_UNSENT = 3;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: load, remove, group, follow or protect");
    }

    /** Where the catalog is, and who speaks; the same options for all. */
    static final class CatalogOptions {

        @Spec(Spec.Target.MIXEE)
        private CommandSpec command;

        @Mixin private KafkaOptions kafka;

        @Option(
                names = "--catalog",
                required = true,
                paramLabel = "C",
                description = "The catalog.")
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
    }

    /** Some work on the topics. */
    interface LogWork<T> {
        T apply(CatalogLog log) throws Exception;
    }

    /** {@code ./sluice candidates load}. */
    @Command(
            name = "load",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description =
                    "Offers the documents of files to a group of a catalog. A file is JSON Lines (.jsonl; fields text or uri, and"
                            + " id, source, language, tokens) or text, plain, .gz or .zst. Loading a file again does no harm.")
    static final class Load implements Callable<Integer> {

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
                            options.by);
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

    /** {@code ./sluice candidates remove}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description =
                    "Removes a document, or all documents of a source, those to come included. Who asked and why stands on the"
                            + " topics for ever.")
    static final class Remove implements Callable<Integer> {

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
                            options.by,
                            why));
            System.out.println("the request is written");
            return 0;
        }
    }

    /** {@code ./sluice candidates group}. */
    @Command(
            name = "group",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description = "Announces a group of a catalog, excludes it, or retires it.")
    static final class Group implements Callable<Integer> {

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
                                        options.by,
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

    /** {@code ./sluice candidates follow}. */
    @Command(
            name = "follow",
            mixinStandardHelpOptions = true,
            description =
                    "Says that a run draws from a catalog, so that admission follows its plans, or that it does no more.")
    static final class Follow implements Callable<Integer> {

        @Mixin private CatalogOptions options;

        @Option(names = "--run", required = true, paramLabel = "RUN", description = "The run.")
        private String run;

        @Option(names = "--stop", description = "It draws no more.")
        private boolean stop;

        @Override
        public Integer call() throws Exception {
            options.write(
                    new CatalogRun(
                            options.catalog(), options.id("--run", run), !stop, options.by, ""));
            System.out.println(
                    "admission "
                            + (stop ? "no longer follows" : "follows")
                            + " the plans of "
                            + run);
            return 0;
        }
    }

    /** {@code ./sluice candidates protect}. */
    @Command(
            name = "protect",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description =
                    "Registers the text of a target with a catalog, so that documents which hold 13 words in a row of it are"
                            + " kept out. Only hashes are written.")
    static final class Protect implements Callable<Integer> {

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
}
