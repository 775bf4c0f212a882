package io.sluice.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileGlobsTest {

    @TempDir private Path parent;

    private Path folder;
    private FileGlobs globs;

    @BeforeEach
    void writeFiles() throws IOException {
        // Signs of the pattern language in a folder's own name are not part of a pattern.
        folder = Files.createDirectories(parent.resolve("runs [new]"));
        Files.createDirectories(folder.resolve("data/deep"));
        for (String name : List.of("data/a.txt", "data/b.gz", "data/deep/c.txt")) {
            Files.writeString(folder.resolve(name), "x");
        }
        globs = new FileGlobs(folder);
    }

    @Test
    void aStarStaysInItsFolderAndTwoGoDeeper() {
        assertThat(found("data/*")).containsExactlyInAnyOrder("data/a.txt", "data/b.gz");
        assertThat(found("data/*.txt")).containsExactly("data/a.txt");
        assertThat(found("data/*/*.txt")).containsExactly("data/deep/c.txt");
        assertThat(found("data/**.txt")).containsExactlyInAnyOrder("data/a.txt", "data/deep/c.txt");
        assertThat(found("data/{a.txt,b.gz}")).containsExactlyInAnyOrder("data/a.txt", "data/b.gz");
        assertThat(found("../runs*/data/?.txt")).containsExactly("data/a.txt");
    }

    @Test
    void aPathIsTakenAsItIs() {
        assertThat(found("data/../data/a.txt")).containsExactly("data/a.txt");
        assertThat(found(folder.resolve("data/b.gz").toString())).containsExactly("data/b.gz");
    }

    @Test
    void whatNamesNoFileIsTold() {
        assertThat(problem("data/*.zst")).contains("no file under").contains("data matches");
        assertThat(problem("nowhere/*.txt")).contains("no file under");
        assertThat(problem("data/z.txt")).contains("there is no file");
        assertThat(problem("data")).contains("that is a folder").contains("data/*");
        assertThat(problem("data/[a")).contains("no pattern");
    }

    private List<String> found(String pattern) {
        List<Path> into = new ArrayList<>();
        assertThat(globs.find(pattern, into)).isEmpty();
        return into.stream().map(file -> folder.relativize(file).toString()).toList();
    }

    private String problem(String pattern) {
        List<Path> into = new ArrayList<>();
        Optional<String> problem = globs.find(pattern, into);
        assertThat(into).isEmpty();
        return problem.orElseThrow();
    }
}
