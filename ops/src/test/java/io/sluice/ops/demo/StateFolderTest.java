package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFolderTest {

    @Test
    void whatAnEarlierDemoLeftIsCleared(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("state");
        try (StateFolder first = StateFolder.take(folder)) {
            Files.createDirectories(folder.resolve("kafka/log"));
            Files.writeString(folder.resolve("kafka/log/segment"), "old");
        }
        try (StateFolder second = StateFolder.take(folder)) {
            assertThat(folder.resolve("kafka")).doesNotExist();
        }
    }

    @Test
    void aFolderThatADemoHoldsIsLeftAlone(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("state");
        try (StateFolder first = StateFolder.take(folder)) {
            Path report = Files.writeString(folder.resolve("report.html"), "mine");
            assertThatThrownBy(() -> StateFolder.take(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("another './sluice demo'");
            assertThat(report).exists();
        }
    }

    @Test
    void otherPeoplesFilesAreNeverCleared(@TempDir Path folder) throws Exception {
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> StateFolder.take(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--state");
        assertThat(precious).exists();
    }
}
