package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import io.sluice.ops.bench.quality.RunRecord.MixtureFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    private static final TrainingRun RUN = new TrainingRun(Pool.USEFUL, "pt", "dga:eta=0.2", 3);

    @TempDir Path folder;

    @Test
    void givesBackWhatWasPut() {
        open("a").put(RUN, record());

        assertThat(open("a").find(RUN)).contains(record());
        assertThat(open("a").find(new TrainingRun(Pool.USEFUL, "pt", "dga", 3))).isEmpty();
        assertThat(open("a").find(new TrainingRun(Pool.USEFUL, "", "dga:eta=0.2", 3))).isEmpty();
    }

    @Test
    void differentRunsHaveDifferentFiles() {
        assertThat(new TrainingRun(Pool.USEFUL, "a", "b", 1).fileName())
                .isNotEqualTo(new TrainingRun(Pool.USEFUL, "b", "a", 1).fileName());
        assertThat(new TrainingRun(Pool.USEFUL, "a/b", "dga:eta=1", 1).fileName())
                .matches("[A-Za-z0-9._%+-]+");
    }

    @Test
    void refusesRunsOfAnotherCorpusOrSetting() {
        open("a");

        assertThatThrownBy(() -> open("b"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("another corpus or setting")
                .hasMessageContaining("--work");
    }

    @Test
    void saysWhichRecordIsBroken() throws IOException {
        RunFolder runs = open("a");
        Files.writeString(folder.resolve(RUN.fileName()), "{\"steps\": 1");

        assertThatThrownBy(() -> runs.find(RUN))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(RUN.fileName())
                .hasMessageContaining("remove it");
    }

    @Test
    void aFolderThatCannotBeMadeIsAUsersFault() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> RunFolder.open(file.resolve("runs"), new TreeMap<>()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("name another folder");
    }

    private RunFolder open(String corpus) {
        return RunFolder.open(folder, new TreeMap<>(Map.of("corpus", corpus)));
    }

    private static RunRecord record() {
        return new RunRecord(
                100,
                new TreeMap<>(
                        Map.of("pt", new LossCurve(List.of(50L, 100L), List.of(2.5, 1.0 / 3)))),
                List.of(new MixtureFrom(0, new TreeMap<>(Map.of("a", 0.25, "b", 0.75)))),
                new TreeMap<>(Map.of("a", 0.1, "b", 0.3)),
                12.5);
    }
}
