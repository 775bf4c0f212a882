package io.sluice.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobLivesTest {

    @TempDir private Path folder;

    @Test
    void aFirstLifeBeginsAnew() {
        JobLives.Life life = begin();
        assertThat(life.restore()).isEmpty();
        assertThat(life.folder()).isEqualTo(folder.resolve("life-1")).isDirectory();
    }

    @Test
    void theCheckpointWithTheHighestNumberIsTheNewest() throws IOException {
        snapshot(begin().checkpoints().resolve("job/chk-9"));
        Path newest = snapshot(folder.resolve("life-1/checkpoints/job/chk-10"));
        Files.createDirectories(folder.resolve("life-1/checkpoints/job/shared"));
        assertThat(begin().restore()).contains(newest);
    }

    @Test
    void aCheckpointWithoutItsMetadataWasNeverFinished() throws IOException {
        Path finished = snapshot(begin().checkpoints().resolve("job/chk-1"));
        Files.createDirectories(folder.resolve("life-1/checkpoints/job/chk-2"));
        assertThat(begin().restore()).contains(finished);
    }

    @Test
    void theSavepointOfAnOrderlyEndComesAfterItsCheckpoints() throws IOException {
        JobLives.Life life = begin();
        snapshot(life.checkpoints().resolve("job/chk-12"));
        Path savepoint = snapshot(life.savepoint().resolve("savepoint-1a-2b"));
        assertThat(begin().restore()).contains(savepoint);
    }

    @Test
    void aLifeThatLeftNothingIsPassedOver() throws IOException {
        Path left = snapshot(begin().savepoint().resolve("savepoint-1"));
        begin();
        assertThat(begin().restore()).contains(left);
    }

    @Test
    void livesBeforeTheOneThatIsGoneOnFromAreDeleted() throws IOException {
        snapshot(begin().savepoint().resolve("savepoint-1"));
        snapshot(begin().checkpoints().resolve("job/chk-3"));
        JobLives.Life third = begin();
        assertThat(folder.resolve("life-1")).doesNotExist();
        assertThat(folder.resolve("life-2")).exists();
        assertThat(third.folder()).isEqualTo(folder.resolve("life-3"));
    }

    private JobLives.Life begin() {
        return new JobLives(folder).begin();
    }

    private static Path snapshot(Path path) throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("_metadata"), "m");
        return path;
    }
}
