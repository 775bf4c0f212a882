package io.sluice.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/promises.md names tests that exist. */
class PromisesPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    @Test
    void everyTestOfThePageExists() throws IOException {
        Matcher names = TEST.matcher(Files.readString(ROOT.resolve("docs/promises.md")));
        int named = 0;
        while (names.find()) {
            String method = "void " + names.group(2) + "(";
            assertThat(sources(names.group(1) + ".java"))
                    .as(names.group())
                    .anyMatch(source -> source.contains(method));
            named++;
        }
        assertThat(named).isGreaterThan(30);
    }

    /** The page has a row for each of the ten promises, and each names a test. */
    @Test
    void everyPromiseNamesATest() throws IOException {
        List<String> rows =
                Files.readAllLines(ROOT.resolve("docs/promises.md")).stream()
                        .filter(line -> line.startsWith("| **"))
                        .toList();

        assertThat(rows).hasSize(10).allMatch(row -> TEST.matcher(row).find());
    }

    private static List<String> sources(String file) throws IOException {
        List<Path> found;
        try (Stream<Path> paths = Files.find(ROOT, 14, (path, a) -> path.endsWith(file))) {
            found = paths.filter(path -> path.toString().contains("src/test/java")).toList();
        }
        List<String> sources = new ArrayList<>();
        for (Path path : found) {
            sources.add(Files.readString(path));
        }
        return sources;
    }
}
