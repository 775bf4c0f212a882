package io.sluice.ops.bench.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.core.domain.Ids;
import io.sluice.djl.CorpusException;
import io.sluice.djl.CorpusManifest;
import io.sluice.ops.bench.quality.QualityCorpus.Group;
import io.sluice.ops.bench.quality.QualityCorpus.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Reads a corpus folder of either form.
 *
 * <ul>
 *   <li>{@code manifest.json}, as the shipped corpus has it: groups and targets with their files.
 *   <li>{@code MANIFEST.json} with {@code rows}: {@code domains/NAME.train.txt} and {@code
 *       NAME.heldout.txt} for each row of the role {@code domain}, {@code targets/NAME.dev.txt} and
 *       {@code NAME.test.txt} for each of the role {@code target}. Rows of the quality {@code
 *       noise} or {@code low} are poor. The target {@code held_out} is made of the held-out texts
 *       of the other domains.
 * </ul>
 */
final class QualityCorpusReader {

    private static final String SHIPPED = "manifest.json";
    private static final String ROWS = "MANIFEST.json";
    private static final Set<String> POOR = Set.of("noise", "low");

    private final MessageDigest digest = newSha256();

    private QualityCorpusReader() {}

    /**
     * Reads the corpus in {@code folder}.
     *
     * @throws CorpusException when there is none, a file is missing or not what the manifest
     *     promises, or it lacks a group or a target that the regimes need
     */
    static QualityCorpus read(Path folder) {
        QualityCorpusReader reader = new QualityCorpusReader();
        QualityCorpus corpus;
        if (Files.isRegularFile(folder.resolve(SHIPPED))) {
            corpus = reader.shipped(folder.resolve(SHIPPED));
        } else if (Files.isRegularFile(folder.resolve(ROWS))) {
            corpus = reader.rows(folder);
        } else {
            throw new CorpusException(
                    "no corpus is in "
                            + folder
                            + ": it has neither a "
                            + SHIPPED
                            + " nor a "
                            + ROWS);
        }
        requireUseful(corpus, folder);
        return corpus;
    }

    private QualityCorpus shipped(Path file) {
        CorpusManifest manifest = CorpusManifest.read(file);
        List<Group> groups =
                manifest.groups().stream()
                        .map(
                                group ->
                                        new Group(
                                                group.id().value(),
                                                group.poor(),
                                                known(group.text().read())))
                        .toList();
        List<Target> targets =
                manifest.targets().stream()
                        .map(
                                target ->
                                        new Target(
                                                target.id().value(),
                                                known(target.dev().read()),
                                                known(target.test().read())))
                        .toList();
        return new QualityCorpus(manifest.name(), digest(), groups, targets);
    }

    private QualityCorpus rows(Path folder) {
        List<Group> groups = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        List<byte[]> heldOut = new ArrayList<>();
        Path file = folder.resolve(ROWS);
        JsonNode root = parse(file);
        for (JsonNode row : field(root, "rows", file)) {
            String name = field(row, "name", file).asText();
            if (!Ids.isValid(name)) {
                throw new CorpusException(
                        file + ": '" + name + "' cannot name a group: use letters, digits or _");
            }
            String role = field(row, "role", file).asText();
            switch (role) {
                case "domain" -> {
                    boolean poor = POOR.contains(field(row, "quality", file).asText());
                    groups.add(new Group(name, poor, text(folder, "domains", name, row, "train")));
                    if (!poor) {
                        heldOut.add(text(folder, "domains", name, row, "heldout"));
                    }
                }
                case "target" ->
                        targets.add(
                                new Target(
                                        name,
                                        text(folder, "targets", name, row, "dev"),
                                        text(folder, "targets", name, row, "test")));
                default ->
                        throw new CorpusException(
                                file + ": row " + name + " has the unknown role '" + role + "'");
            }
        }
        if (!heldOut.isEmpty()) {
            targets.add(0, HeldOut.of(heldOut));
        }
        return new QualityCorpus(
                root.path("title").asText(folder.getFileName().toString()),
                digest(),
                groups,
                targets);
    }

    private byte[] text(Path folder, String kind, String name, JsonNode row, String part) {
        Path file = folder.resolve(kind).resolve(name + "." + part + ".txt");
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CorpusException("corpus file " + file + " cannot be read: " + e, e);
        }
        String promised = row.path(part).path("sha256").asText();
        String actual = HexFormat.of().formatHex(newSha256().digest(text));
        if (!actual.equals(promised)) {
            throw new CorpusException(
                    "corpus file "
                            + file
                            + " is not the text of the manifest: SHA-256 is "
                            + actual
                            + ", expected "
                            + promised
                            + "; build the corpus again");
        }
        return known(text);
    }

    private byte[] known(byte[] text) {
        digest.update(newSha256().digest(text));
        return text;
    }

    private String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static JsonNode parse(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new CorpusException(
                    "corpus manifest " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode field(JsonNode node, String name, Path file) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new CorpusException(
                    "corpus manifest " + file + " lacks '" + name + "'; build the corpus again");
        }
        return value;
    }

    private static void requireUseful(QualityCorpus corpus, Path folder) {
        long useful = corpus.groups().stream().filter(group -> !group.poor()).count();
        boolean heldOut =
                corpus.targets().stream().anyMatch(t -> t.id().equals(QualityCorpus.HELD_OUT));
        if (useful < 2 || !heldOut) {
            throw new CorpusException(
                    "the corpus in "
                            + folder
                            + " has "
                            + useful
                            + " groups that are not poor"
                            + (heldOut ? "" : " and no target " + QualityCorpus.HELD_OUT)
                            + ": the regimes need two such groups and that target");
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
