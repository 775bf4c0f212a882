package io.sluice.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/run-yaml.md says what the reader does. */
final class RunFilePageTest {

    private static final Path PAGE = Path.of("../docs/run-yaml.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z_.]+)` \\|");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

    @Test
    void thePageHasEveryKeyWithItsDefaultAndWhatIsAllowedInOrder() throws IOException {
        String page = Files.readString(PAGE);
        for (Key key : Key.values()) {
            assertThat(page)
                    .contains(
                            "| `%s` | %s | %s |"
                                    .formatted(key.path(), key.fallback(), key.allowed()));
        }
        List<String> rows = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        assertThat(rows)
                .containsExactlyElementsOf(List.of(Key.values()).stream().map(Key::path).toList());
    }

    @Test
    void theExamplesOfThePageAreGood(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("data/web"));
        Files.writeString(folder.resolve("data/web/part-0.jsonl"), "{}");
        Files.writeString(folder.resolve("data/dev.jsonl"), "{}");
        List<MatchResult> examples = EXAMPLE.matcher(Files.readString(PAGE)).results().toList();
        assertThat(examples).isNotEmpty();
        for (MatchResult example : examples) {
            Path file = Files.writeString(folder.resolve("run.yaml"), example.group(1));
            assertThat(RunFile.read(file).spec().groups()).isNotEmpty();
        }
    }
}
