package io.sluice.ops.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.loop.StackExtension;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.Decision;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job goes on from a savepoint as if it had never stopped, whatever its parallelism. */
@ExtendWith(StackExtension.class)
final class SavepointIT {

    /** Every savepoint that was stored must be restored by every later build. */
    @ParameterizedTest
    @ValueSource(strings = {"0.1.0"})
    void aStoredSavepointGoesOnAsIfItHadNeverStopped(
            String version, LocalStack stack, @TempDir Path folder) throws Exception {
        List<Decision> expected = undisturbed(stack, "beside-savepoint.", folder);
        Path savepoint = folder.resolve("job/life-1/savepoint/stored");
        Files.createDirectories(savepoint);
        try (InputStream stored =
                SavepointIT.class.getResourceAsStream("/savepoints/" + version + "/_metadata")) {
            assertThat(stored).as("the stored savepoint").isNotNull();
            Files.copy(stored, savepoint.resolve("_metadata"));
        }
        try (StoppedRun run = new StoppedRun(stack.client(), StoppedRun.PREFIX)) {
            run.writeFirst();
            run.writeOn(StoppedRun.LAST);
            try (EmbeddedJob job = run.start(folder.resolve("job"), 1)) {
                assertThat(job.restoredFrom()).isPresent();

                List<Decision> decided = run.decisionsThrough(StoppedRun.LAST);

                assertThat(decided.get(0).getRound()).isEqualTo(StoppedRun.OPEN);
                assertThat(decided)
                        .extracting(SavepointIT::withoutEpoch)
                        .isEqualTo(
                                expected.subList((int) StoppedRun.OPEN, expected.size()).stream()
                                        .map(SavepointIT::withoutEpoch)
                                        .toList());
            }
        }
    }

    @Test
    void aJobOfOneTwoFourAndAgainOneTaskDecidesAsOneThatNeverStopped(
            LocalStack stack, @TempDir Path folder) throws Exception {
        List<Decision> expected = undisturbed(stack, "beside-rescaled.", folder);
        try (StoppedRun run = new StoppedRun(stack.client(), "rescaled.")) {
            run.writeFirst();
            stopAfter(run, folder.resolve("job"), 1, StoppedRun.OPEN - 1);
            run.writeOn(StoppedRun.OPEN);
            stopAfter(run, folder.resolve("job"), 2, StoppedRun.OPEN);
            run.writeWhole(StoppedRun.OPEN + 1, StoppedRun.OPEN + 2);
            stopAfter(run, folder.resolve("job"), 4, StoppedRun.OPEN + 2);
            run.writeWhole(StoppedRun.LAST, StoppedRun.LAST);
            stopAfter(run, folder.resolve("job"), 1, StoppedRun.LAST);

            assertThat(run.decisionsThrough(StoppedRun.LAST))
                    .extracting(SavepointIT::withoutEpoch)
                    .isEqualTo(expected.stream().map(SavepointIT::withoutEpoch).toList());
        }
    }

    private static void stopAfter(StoppedRun run, Path folder, int parallelism, long round)
            throws Exception {
        EmbeddedJob job = run.start(folder, parallelism);
        run.decisionsThrough(round);
        job.suspend();
        assertThat(job.failure()).isEmpty();
    }

    /** What a job decides that reads everything in one life. */
    private static List<Decision> undisturbed(LocalStack stack, String prefix, Path folder)
            throws Exception {
        try (StoppedRun run = new StoppedRun(stack.client(), prefix)) {
            run.writeFirst();
            run.writeOn(StoppedRun.LAST);
            try (EmbeddedJob job = run.start(folder.resolve("undisturbed"), 1)) {
                return run.decisionsThrough(StoppedRun.LAST);
            }
        }
    }

    /** Every life of a job has its own epoch, which the digests of its plans contain. */
    private static Decision withoutEpoch(Decision decision) {
        return Decision.newBuilder(decision)
                .setEpoch(0)
                .setBaseDigest("")
                .setPlanDigest("")
                .build();
    }
}
