package io.sluice.ops.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpFolderTest {

    @Test
    void whatAnEarlierLifeLeftIsKept(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("state");
        UpFolder.take(folder).close();
        Path kept = Files.writeString(folder.resolve("kafka"), "log");
        try (UpFolder second = UpFolder.take(folder)) {
            assertThat(kept).exists();
        }
    }

    @Test
    void oneFolderIsForOneAtATime(@TempDir Path folder) {
        try (UpFolder first = UpFolder.take(folder)) {
            assertThatThrownBy(() -> UpFolder.take(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("another './sluice up' runs in");
        }
        UpFolder.take(folder).close();
    }

    @Test
    void aFolderWithOtherFilesIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> UpFolder.take(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("not of './sluice up'");
    }

    @Test
    void aFileInTheWayIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> UpFolder.take(file.resolve("state")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--state");
    }
}
