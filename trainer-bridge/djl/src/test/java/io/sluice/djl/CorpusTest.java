package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

    private static final byte[] TEXT = "one\n\f\ntwo\n".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    @Test
    void theShippedCorpusIsWhole() {
        CorpusManifest corpus = CorpusManifest.read(Path.of("../../ops/corpus/manifest.json"));
        assertThat(corpus.groups()).hasSizeGreaterThan(5).anyMatch(CorpusManifest.Group::poor);
        for (CorpusManifest.Group group : corpus.groups()) {
            assertThat(group.text().read()).isNotEmpty();
        }
        for (CorpusManifest.Target target : corpus.targets()) {
            assertThat(target.dev().read()).isNotEqualTo(target.test().read());
        }
    }

    @Test
    void readsTheTextThatTheManifestPromises() {
        assertThat(ToyCorpus.file(folder, "good", TEXT).read()).isEqualTo(TEXT);
    }

    @Test
    void aMissingFileIsNamed() {
        CorpusFile file = new CorpusFile(folder.resolve("none.txt.gz"), "");
        assertFails(file, "none.txt.gz is missing");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        Path path = Files.createFile(folder.resolve("empty.txt.gz"));
        assertFails(new CorpusFile(path, ""), "empty.txt.gz is empty or ends early");
        assertFails(ToyCorpus.file(folder, "void", new byte[0]), "void.txt.gz holds no text");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        CorpusFile file = ToyCorpus.file(folder, "cut", TEXT);
        byte[] packed = Files.readAllBytes(file.path());
        Files.write(file.path(), Arrays.copyOf(packed, packed.length - 6));
        assertFails(file, "cut.txt.gz is empty or ends early");
    }

    @Test
    void aFileThatIsNotGzipIsNamed() throws IOException {
        Path path = Files.write(folder.resolve("plain.txt.gz"), TEXT);
        assertFails(new CorpusFile(path, ""), "plain.txt.gz is not valid gzip");
    }

    @Test
    void anotherTextIsNamed() {
        CorpusFile file = ToyCorpus.file(folder, "other", TEXT);
        assertFails(
                new CorpusFile(file.path(), ToyCorpus.sha256(new byte[] {1})),
                "other.txt.gz is not the text of the manifest: SHA-256 is " + file.sha256());
    }

    @Test
    void aBrokenManifestIsNamed() throws IOException {
        assertManifestFails(null, "is missing");
        assertManifestFails("", "is empty");
        assertManifestFails("{", "is broken");
        assertManifestFails("{}", "is broken: field 'name' is missing");
        assertManifestFails("{\"name\": \"x\", \"groups\": []}", "is broken: 'groups' is empty");
        assertManifestFails(
                "{\"name\": \"x\", \"groups\": [{\"id\": \"a b\"}]}",
                "is broken: group 'a b' is not an identifier");
        assertManifestFails("{\"name\": \"x\", \"groups\": {}}", "is broken");
        assertManifestFails("{\"name\": []}", "is broken");
    }

    private void assertManifestFails(String content, String message) throws IOException {
        Path path = folder.resolve("manifest.json");
        if (content != null) {
            Files.writeString(path, content);
        }
        assertThatThrownBy(() -> CorpusManifest.read(path))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("manifest.json " + message)
                .hasMessageContaining("build the corpus again");
    }

    private static void assertFails(CorpusFile file, String message) {
        assertThatThrownBy(file::read)
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("restore the corpus folder");
    }
}
