package io.sluice.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnedFolderTest {

    @Test
    void whatAnEarlierLifeLeftIsKept(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("state");
        take(folder).close();
        Path kept = Files.writeString(folder.resolve("kafka"), "log");
        try (OwnedFolder second = take(folder)) {
            assertThat(kept).exists();
        }
    }

    @Test
    void oneFolderIsForOneAtATime(@TempDir Path folder) {
        try (OwnedFolder first = take(folder)) {
            assertThatThrownBy(() -> take(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("another './sluice up' runs in");
        }
        take(folder).close();
    }

    @Test
    void aFolderWithOtherFilesIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> take(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("not of './sluice up'");
    }

    @Test
    void aFileInTheWayIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> take(file.resolve("state")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--state");
    }

    private static OwnedFolder take(Path folder) {
        return OwnedFolder.take(folder, ".mark", "'./sluice up'");
    }
}
