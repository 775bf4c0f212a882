package io.sluice.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.TextEmbedders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

    @TempDir private Path folder;

    @Test
    void aFolderAndAJarWithTheSameFilesAreTheSameModel() throws Exception {
        write("m.onnx", "network");
        write("m-tokenizer.json", "words");
        Path jar = folder.resolveSibling(folder.getFileName() + ".jar");
        try (OutputStream bytes = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : new String[] {"tokenizer.json", "model.onnx", "inner/x.onnx"}) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(
                        (name.endsWith("json") ? "words" : "network")
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(ModelFiles.read(folder).name())
                .matches("onnx-[0-9a-f]{12}")
                .isEqualTo(ModelFiles.read(jar).name());
        write("m.onnx", "another network");
        assertThat(ModelFiles.read(folder).name()).isNotEqualTo(ModelFiles.read(jar).name());
        Files.delete(jar);
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        assertThatThrownBy(() -> ModelFiles.read(folder.resolve("nowhere")))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("no model at")
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> ModelFiles.read(folder)).hasMessageContaining("0 files *.onnx");
        write("a.onnx", "network");
        assertThatThrownBy(() -> ModelFiles.read(folder))
                .hasMessageContaining("0 files *tokenizer.json");
        write("b.onnx", "network");
        assertThatThrownBy(() -> ModelFiles.read(folder)).hasMessageContaining("2 files *.onnx");
        assertThatThrownBy(() -> ModelFiles.read(folder.resolve("a.onnx")))
                .hasMessageContaining("cannot read the model at");
    }

    @Test
    void whatIsNoModelIsRefused() throws Exception {
        write("m.onnx", "not a network");
        write("tokenizer.json", "not words");
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("tokenizer cannot be loaded");
    }

    private static void open(Path path) throws EmbeddingException {
        TextEmbedders.find(ModelFilesTest.class.getClassLoader()).open(path.toString(), 1).close();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
