package io.sluice.ops.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlinkFilesTest {

    private static final Path PAGE = Path.of("../docs/reference/flink-defaults.md");

    private static final List<ConfigOption<?>> ON_PAGE =
            List.of(
                    HeartbeatManagerOptions.HEARTBEAT_INTERVAL,
                    HeartbeatManagerOptions.HEARTBEAT_TIMEOUT,
                    HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT,
                    TaskManagerOptions.MEMORY_SEGMENT_SIZE,
                    TaskManagerOptions.NETWORK_MEMORY_MIN);

    @TempDir private Path folder;

    @Test
    void thePageOfDefaultsHasWhatAClusterOfOnesOwnNeeds() throws IOException {
        FlinkFiles.write(folder, Ports.of(folder.resolve("ports")), 2);
        Configuration written =
                GlobalConfiguration.loadConfiguration(folder.resolve("conf").toString());
        Map<String, String> values = written.toMap();
        String page = Files.readString(PAGE);

        for (ConfigOption<?> option : ON_PAGE) {
            assertThat(written.get(option)).isNotNull();
            assertThat(page)
                    .contains("| `%s` | `".formatted(option.key()))
                    .containsPattern(
                            "\\| `%s` \\| `[^`]+` \\| `%s` \\|"
                                    .formatted(option.key(), values.get(option.key())));
        }
    }
}
