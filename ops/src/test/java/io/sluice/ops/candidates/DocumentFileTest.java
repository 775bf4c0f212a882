package io.sluice.ops.candidates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.sluice.core.candidate.CandidateRules;
import io.sluice.ops.candidates.DocumentFile.Item;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFileTest {

    @TempDir private Path folder;

    @Test
    void blankLinesLinesOrTheFileEndADocument() throws IOException {
        Path file = write("a b.txt", "one\ntwo\n\n \nthree\n");
        assertThat(texts(file, Split.BLANK)).containsExactly("one\ntwo", "three");
        assertThat(texts(file, Split.LINE)).containsExactly("one", "two", "three");
        assertThat(texts(file, Split.FILE)).containsExactly("one\ntwo\n\n \nthree\n");
        assertThat(read(file, Split.BLANK))
                .extracting(Item::id)
                .allSatisfy(id -> assertThat(id).matches("a_b/[12]-[0-9a-f]{8}"))
                .doesNotHaveDuplicates();
        assertThat(read(file, Split.BLANK)).extracting(Item::number).containsExactly(1L, 2L);
    }

    @Test
    void packedFilesReadAsPlainOnes() throws IOException {
        Path gzip = folder.resolve("x.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write("one\n\ntwo\n".getBytes(StandardCharsets.UTF_8));
        }
        Path zstd = folder.resolve("x.txt.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
            out.write("one\n\ntwo\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(texts(gzip, Split.BLANK)).containsExactly("one", "two");
        assertThat(texts(zstd, Split.BLANK)).containsExactly("one", "two");
        DocumentFile file = new DocumentFile(gzip, Split.BLANK);
        file.read(item -> {});
        assertThat(file.bytesRead()).isEqualTo(Files.size(gzip));
    }

    @Test
    void jsonLinesKeepTheirFieldsAndBrokenOnesSayWhatIsWrong() throws IOException {
        Path file =
                write(
                        "d.jsonl",
                        "{\"id\":\"x\",\"text\":\"ol\u00e9\",\"source\":\"s\",\"tokens\":3}\n"
                                + "{\"uri\":\"s3://b/k\",\"tokens\":7,\"language\":\"pt\"}\n"
                                + "not json\n[1]\n{\"text\":5}\n{\"text\":\"t\",\"tokens\":\"x\"}\n");
        List<Item> items = read(file, Split.BLANK);
        assertThat(items.get(0).id()).isEqualTo("x");
        assertThat(new String(items.get(0).text(), StandardCharsets.UTF_8)).isEqualTo("ol\u00e9");
        assertThat(items.get(0).tokens()).isEqualTo(3);
        assertThat(items.get(1).id()).startsWith("d/2-");
        assertThat(items.get(1).uri()).isEqualTo("s3://b/k");
        assertThat(items.get(1).language()).isEqualTo("pt");
        assertThat(items.get(2).fault().orElseThrow()).startsWith("the line is not JSON");
        assertThat(items.get(3).fault())
                .contains("the line is not a JSON object with a field 'text' or 'uri'");
        assertThat(items.get(4).fault()).contains("its field 'text' is not a string");
        assertThat(items.get(5).fault()).contains("its field 'tokens' is not a whole number");
    }

    @Test
    void aGiganticDocumentIsCutSoThatTheJobCanRefuseIt() throws IOException {
        Path file = write("big.txt", "x".repeat(3 * CandidateRules.MAX_TEXT));
        assertThat(read(file, Split.BLANK).get(0).text().length)
                .isEqualTo(CandidateRules.MAX_TEXT + 1);
        Path lines = write("lines.txt", "x\n".repeat(CandidateRules.MAX_TEXT));
        assertThat(read(lines, Split.BLANK).get(0).text()).hasSize(CandidateRules.MAX_TEXT + 1);
        assertThat(read(file, Split.FILE).get(0).text()).hasSize(CandidateRules.MAX_TEXT + 1);
        Path json =
                write("big.jsonl", "{\"text\":\"" + "x".repeat(1 << 20) + "\"}\n{\"text\":\"y\"}");
        assertThat(read(json, Split.BLANK)).hasSize(2);
        assertThat(read(json, Split.BLANK).get(0).fault().orElseThrow()).contains("longer than");
    }

    @Test
    void textInAnotherEncodingIsHandedOnAsItIs() throws IOException {
        Path file = folder.resolve("latin.txt");
        byte[] latin = {'c', 'a', 'f', (byte) 0xe9};
        Files.write(file, latin);
        assertThat(read(file, Split.BLANK).get(0).text()).isEqualTo(latin);
    }

    @Test
    void documentsOfFilesWithOneNameInTwoFoldersDoNotShareAnIdentifier() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Path first = write("part-0.txt", "one");
        Path second = Files.writeString(other.resolve("part-0.txt"), "two");
        Path copy = Files.writeString(other.resolve("part-0"), "one");
        String id = read(first, Split.BLANK).get(0).id();
        assertThat(read(second, Split.BLANK).get(0).id()).isNotEqualTo(id);
        assertThat(read(copy, Split.BLANK).get(0).id()).isEqualTo(id);
    }

    @Test
    void aBrokenLineOfJsonDoesNotEndTheFile() throws IOException {
        Path file = folder.resolve("d.jsonl");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("\uFEFF{\"text\":\"one\"}\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, 0, 1, 2, '\n'});
            out.write(new byte[] {'{', '"', (byte) 0xe9, '\n'});
            out.write("{\"text\":\"two\"} {\n".getBytes(StandardCharsets.UTF_8));
            out.write("{\"text\":\"three\"}".getBytes(StandardCharsets.UTF_8));
        }
        List<Item> items = read(file, Split.BLANK);
        assertThat(items).extracting(Item::number).containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(items.get(0).text()).asString().isEqualTo("one");
        assertThat(items.get(1).fault()).contains("the line is not UTF-8");
        assertThat(items.get(2).fault()).contains("the line is not UTF-8");
        assertThat(items.get(3).fault().orElseThrow()).startsWith("the line is not JSON");
        assertThat(items.get(4).text()).asString().isEqualTo("three");
    }

    @Test
    void aCutArchiveIsAnError() throws IOException {
        Path file = folder.resolve("cut.txt.gz");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
        assertThatThrownBy(() -> read(file, Split.BLANK)).isInstanceOf(EOFException.class);
    }

    private List<String> texts(Path file, Split split) throws IOException {
        return read(file, split).stream()
                .map(item -> new String(item.text(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<Item> read(Path file, Split split) throws IOException {
        List<Item> items = new ArrayList<>();
        new DocumentFile(file, split).read(items::add);
        return items;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
