package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.djl.CorpusException;
import io.sluice.ops.bench.quality.QualityCorpus.Group;
import io.sluice.ops.bench.quality.QualityCorpus.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityCorpusReaderTest {

    private static final Path SHIPPED = Path.of("corpus");

    @TempDir Path folder;

    private final List<String> rows = new ArrayList<>();

    @Test
    void readsTheShippedCorpus() {
        QualityCorpus corpus = QualityCorpusReader.read(SHIPPED);

        assertThat(corpus.groups()).hasSize(10);
        assertThat(corpus.groups().stream().filter(Group::poor).map(Group::id))
                .containsExactlyInAnyOrder("noise_words", "noise_base64");
        assertThat(corpus.specialTargets()).containsExactly("pt");
    }

    @Test
    void readsRowsOfDomainsAndTargets() throws IOException {
        domain("prose", "clean");
        domain("quips", "mixed");
        domain("base64", "noise");
        domain("minified", "low");
        target("jargon");
        QualityCorpus corpus = read();

        assertThat(corpus.groups().stream().map(Group::id))
                .containsExactly("prose", "quips", "base64", "minified");
        assertThat(corpus.groups().stream().filter(Group::poor).map(Group::id))
                .containsExactly("base64", "minified");
        assertThat(new String(corpus.groups().get(0).text(), StandardCharsets.UTF_8))
                .isEqualTo("prose.train text");
        assertThat(corpus.targets().stream().map(Target::id))
                .containsExactly(QualityCorpus.HELD_OUT, "jargon");
        assertThat(new String(corpus.targets().get(1).test(), StandardCharsets.UTF_8))
                .isEqualTo("jargon.test text");
    }

    @Test
    void heldOutIsMadeOfGroupsThatAreNotPoor() throws IOException {
        domain("prose", "clean");
        domain("quips", "clean");
        domain("base64", "noise");
        file("domains", "prose.heldout", "one\n\f\ntwo\n\f\nthree");
        file("domains", "quips.heldout", "eins\n\f\nzwei\n\f\ndrei");
        manifestHas("prose", "domain", "clean", "train", "heldout");
        manifestHas("quips", "domain", "clean", "train", "heldout");

        Target heldOut = read().targets().get(0);

        // Documents 1 and 3 of each, and 2 of each cut to the length of the shorter.
        assertThat(new String(heldOut.dev(), StandardCharsets.UTF_8))
                .isEqualTo("one\n\f\nthree" + "eins\n\f\ndrei");
        assertThat(new String(heldOut.test(), StandardCharsets.UTF_8))
                .isEqualTo("two\n\f\n" + "zwei\n\f");
    }

    @Test
    void anotherByteMakesAnotherDigest() throws IOException {
        domain("prose", "clean");
        domain("quips", "clean");
        String digest = read().digest();
        file("domains", "prose.train", "other text");
        manifestHas("prose", "domain", "clean", "train", "heldout");

        assertThat(read().digest()).isNotEqualTo(digest);
    }

    @Test
    void saysWhatIsWrongWithACorpus() throws IOException {
        assertFails("neither a manifest.json nor a MANIFEST.json");

        Files.writeString(folder.resolve("MANIFEST.json"), "{");
        assertFails("MANIFEST.json cannot be read");

        Files.writeString(folder.resolve("MANIFEST.json"), "{}");
        assertFails("lacks 'rows'");

        rows.clear();
        domain("prose", "clean");
        write();
        assertFails("1 groups that are not poor");

        domain("quips", "clean");
        write();
        Files.writeString(folder.resolve("domains/quips.train.txt"), "tampered");
        assertFails("quips.train.txt is not the text of the manifest");

        Files.delete(folder.resolve("domains/quips.train.txt"));
        assertFails("quips.train.txt cannot be read");

        rows.add("{\"name\": \"../x\", \"role\": \"domain\"}");
        rows.remove(1);
        write();
        assertFails("'../x' cannot name a group");
    }

    private QualityCorpus read() throws IOException {
        write();
        return QualityCorpusReader.read(folder);
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> QualityCorpusReader.read(folder))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(message);
    }

    private void domain(String name, String quality) throws IOException {
        file("domains", name + ".train", name + ".train text");
        file("domains", name + ".heldout", "odd " + name + "\n\f\neven " + name);
        manifestHas(name, "domain", quality, "train", "heldout");
    }

    private void target(String name) throws IOException {
        file("targets", name + ".dev", name + ".dev text");
        file("targets", name + ".test", name + ".test text");
        manifestHas(name, "target", "clean", "dev", "test");
    }

    private void file(String kind, String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(kind));
        Files.writeString(folder.resolve(kind).resolve(name + ".txt"), text);
    }

    /** Adds a row, or replaces the one of that name. */
    private void manifestHas(String name, String role, String quality, String first, String second)
            throws IOException {
        String start = String.format("{\"name\": \"%s\"", name);
        rows.removeIf(row -> row.startsWith(start));
        rows.add(
                start
                        + String.format(
                                ", \"role\": \"%s\", \"quality\": \"%s\", %s, %s}",
                                role, quality, part(role, name, first), part(role, name, second)));
    }

    private String part(String role, String name, String part) throws IOException {
        byte[] text =
                Files.readAllBytes(folder.resolve(role + "s").resolve(name + "." + part + ".txt"));
        return String.format("\"%s\": {\"sha256\": \"%s\"}", part, sha256(text));
    }

    private void write() throws IOException {
        Files.writeString(
                folder.resolve("MANIFEST.json"),
                "{\"title\": \"Testing\", \"rows\": [" + String.join(", ", rows) + "]}");
    }

    private static String sha256(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
