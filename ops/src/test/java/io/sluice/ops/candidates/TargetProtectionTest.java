package io.sluice.ops.candidates;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would protect less than it seems to is refused before anything is written. */
class TargetProtectionTest {

    private static final String LONG = "one two three four five six seven eight nine ten a b c d e";

    @TempDir private Path folder;
    private CatalogLog log;

    /** Nobody answers there, and nobody is to be asked. */
    @BeforeEach
    void open() {
        Properties nowhere = new Properties();
        nowhere.setProperty("bootstrap.servers", "127.0.0.1:1");
        nowhere.setProperty("max.block.ms", "1");
        log = new CatalogLog(nowhere, "t.");
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aDocumentThatCannotBeReadWholeIsNamed() throws IOException {
        refuses(
                        write(
                                "latin.txt",
                                LONG + "\n\n" + LONG + " caf\u00e9",
                                StandardCharsets.ISO_8859_1))
                .hasMessageContaining("document 2 of ")
                .hasMessageContaining("it is not UTF-8");
        refuses(write("cut.txt", (LONG + ' ').repeat(400_000), StandardCharsets.UTF_8))
                .hasMessageContaining("document 1 of ")
                .hasMessageContaining("longer than");
        refuses(write("broken.jsonl", "{\"text\":\"" + LONG + "\"}\n{", StandardCharsets.UTF_8))
                .hasMessageContaining("document 2 of ")
                .hasMessageContaining("not JSON");
        refuses(write("away.jsonl", "{\"uri\":\"s3://b/k\"}", StandardCharsets.UTF_8))
                .hasMessageContaining("it holds no text");
    }

    @Test
    void documentsThatAreAllTooShortAreRefused() throws IOException {
        refuses(write("short.txt", "one two\n\nthree", StandardCharsets.UTF_8))
                .hasMessageContaining("no document of the files holds 13 words");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(Path file) {
        return assertThatThrownBy(
                        () ->
                                TargetProtection.register(
                                        log, "web", "exam", List.of(file), Split.BLANK))
                .isInstanceOf(UserException.class);
    }

    private Path write(String name, String content, Charset charset) throws IOException {
        return Files.writeString(folder.resolve(name), content, charset);
    }
}
