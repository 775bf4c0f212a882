package io.sluice.ops.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.chaos.ChaosRow.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One kill in a cluster of real processes; {@code ./sluice chaos} has all the others. */
final class ChaosIT {

    private static final Path JAR = Path.of("../flink-jobs/target/sluice-job.jar");

    /** What is a matter of seconds depends on the machine, and is judged by the command. */
    private static final Set<Invariant> TIMED = Set.of(Invariant.I7, Invariant.I9);

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aKilledTaskManagerBreaksNoInvariant(@TempDir Path folder) throws Exception {
        ChaosResult result = Chaos.run(folder, JAR, 1, List.of("F1"), Duration.ZERO, System.out);
        assertThat(result.kills()).isEqualTo(1);
        assertThat(result.recount().expected()).isPositive();
        assertThat(result.recount().counted()).isEqualTo(result.recount().expected());
        assertThat(result.recount().total().isSound()).isTrue();
        assertThat(result.recount().lineage().isSound()).isTrue();
        assertThat(result.replayed().decisions()).isPositive();
        assertThat(result.replayed().different()).as(result.replayed().first()).isZero();
        assertThat(result.rows()).hasSize(1);
        ChaosRow row = result.rows().get(0);
        assertThat(row.verdicts()).hasSize(Invariant.values().length);
        row.verdicts()
                .forEach(
                        (invariant, verdict) ->
                                assertThat(TIMED.contains(invariant) || verdict == Verdict.HELD)
                                        .as(invariant + ": " + row.notes())
                                        .isTrue());
    }
}
