package io.sluice.ops.candidates;

import io.sluice.ops.ProgressDisplay;
import io.sluice.ops.UserException;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Offers the documents of files to a group of a catalog. */
public final class CandidateLoader {

    private static final long KIB = 1024;

    /** What a document says of itself may hold any character, and terminals obey some. */
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private final CatalogLog log;
    private final Options options;
    private final PrintStream messages;
    private final boolean terminal;

    private long sent;
    private long unsent;

    /**
     * What is loaded where.
     *
     * @param catalog the catalog
     * @param group the group; it is announced if it was not
     * @param source where documents come from that do not say so; empty takes the file's name
     * @param language their language, where they do not say so; may be empty
     * @param split what a document of a text file is
     * @param bytesPerToken bytes of text that make a token, where a document does not say its
     *     tokens, at least 1
     * @param by who loads
     */
    public record Options(
            String catalog,
            String group,
            Optional<String> source,
            String language,
            Split split,
            double bytesPerToken,
            String by) {}

    /**
     * @param messages where progress and faults are told
     * @param terminal whether that is a terminal
     */
    public CandidateLoader(
            CatalogLog log, Options options, PrintStream messages, boolean terminal) {
        this.log = log;
        this.options = options;
        this.messages = messages;
        this.terminal = terminal;
    }

    /**
     * What was loaded.
     *
     * @param sent documents that stand on the topic
     * @param unsent documents that could not be sent; each was told
     */
    public record Result(long sent, long unsent) {}

    /**
     * Loads the files in order.
     *
     * @throws UserException when a file cannot be read, the group takes nothing, or the brokers
     *     refuse
     */
    public Result load(List<Path> files) {
        long kibibytes = 0;
        for (Path file : files) {
            kibibytes += size(file) / KIB;
        }
        announce();
        ProgressDisplay progress = new ProgressDisplay(messages, terminal, kibibytes, "KiB");
        long before = 0;
        for (Path path : files) {
            DocumentFile file = new DocumentFile(path, options.split());
            String source = options.source().orElse(DocumentFile.plainName(path));
            long offset = before;
            try {
                file.read(
                        item -> {
                            send(item, source, path);
                            progress.show(
                                    offset + file.bytesRead() / KIB, sent + " documents sent");
                        });
            } catch (IOException e) {
                throw new UserException(
                        "cannot read "
                                + path
                                + " after "
                                + sent
                                + " documents ("
                                + DocumentFile.reason(e)
                                + "): mend it and load it again; what was sent is not taken twice",
                        e);
            }
            before += size(path) / KIB;
        }
        log.flush();
        progress.finish(before, sent + " documents sent");
        return new Result(sent, unsent);
    }

    private void announce() {
        Optional<CatalogGroup> known = log.group(options.catalog(), options.group());
        if (known.isEmpty()) {
            CatalogGroup group =
                    new CatalogGroup(
                            options.catalog(),
                            options.group(),
                            CatalogGroupState.ACTIVE,
                            0,
                            options.by(),
                            "first load");
            log.send(Topic.CATALOGS, options.catalog(), group);
            log.flush();
        } else if (known.get().getState() != CatalogGroupState.ACTIVE) {
            throw new UserException(
                    "group '"
                            + options.group()
                            + "' is "
                            + known.get().getState()
                            + " ("
                            + known.get().getWhy()
                            + "): './sluice candidates group --state active' opens it again");
        }
    }

    private void send(DocumentFile.Item item, String source, Path path) {
        if (item.fault().isPresent()) {
            tell(path, item.id(), item.fault().get());
            return;
        }
        CandidateDocument document =
                new CandidateDocument(
                        item.id(),
                        options.catalog(),
                        item.source().isEmpty() ? source : item.source(),
                        options.group(),
                        ByteBuffer.wrap(item.text()),
                        item.uri(),
                        tokens(item),
                        item.language().isEmpty() ? options.language() : item.language(),
                        Map.of(),
                        List.of());
        try {
            log.send(Topic.CANDIDATES, item.id(), document);
            sent++;
        } catch (ContractException e) {
            tell(path, item.id(), e.getMessage());
        }
    }

    /** As declared; a document whose text is elsewhere has to say it. */
    private long tokens(DocumentFile.Item item) {
        return item.tokens() != 0 || item.text().length == 0
                ? item.tokens()
                : Math.max(1, (long) (item.text().length / options.bytesPerToken()));
    }

    private void tell(Path path, String id, String fault) {
        unsent++;
        String line = "not sent: " + path + ", " + id + ": " + fault;
        messages.println(CONTROLS.matcher(line).replaceAll("?"));
    }

    private static long size(Path file) {
        try {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new UserException(file + " is not a file that you may read");
            }
            return Files.size(file);
        } catch (IOException e) {
            throw new UserException("cannot look at " + file + " (" + e + ")", e);
        }
    }
}
