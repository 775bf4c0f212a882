package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streaming demo with everything in it, for as many steps as a test can wait for. */
final class StreamDemoIT {

    private static final int STEPS = 120;

    @Test
    void junkAndCopiesAreKeptOutAndTheLateGroupIsDrawnSoon(@TempDir Path folder) throws Exception {
        DemoOptions options =
                new DemoOptions(
                        STEPS,
                        "dga",
                        5,
                        OptionalInt.empty(),
                        true,
                        Path.of("corpus"),
                        folder.resolve("state"));
        DemoSummary summary =
                new Demo(options, new PrintStream(OutputStream.nullOutputStream()), false).run();

        DemoSummary.Stream stream = summary.stream();
        assertThat(stream.offered()).containsKeys("TEXT", "COPY", "EDIT", "JUNK", "TEST");
        assertThat(stream.admitted().get("TEXT")).isGreaterThan(100);
        assertThat(stream.rejected())
                .containsKeys("EXACT_DUPLICATE", "NEAR_DUPLICATE", "CONTAMINATED", "LOW_SCORE");
        assertThat(stream.admitted()).doesNotContainKey("COPY");
        assertThat(stream.plantedAdmitted()).isZero();
        assertThat(stream.junkShare()).isLessThan(0.01);
        assertThat(stream.announcedStep()).isNotNull();
        assertThat(stream.firstDrawnStep()).isGreaterThan(stream.announcedStep());
        assertThat(stream.roundsToDraw()).isLessThanOrEqualTo(2);
        assertThat(stream.holds()).isTrue();
        assertThat(summary.steps()).isEqualTo(STEPS);

        JsonNode shown = dataIn(summary.report()).get("stream");
        assertThat(shown.get("admitted").asLong())
                .isEqualTo(stream.admitted().values().stream().mapToLong(Long::longValue).sum());
        assertThat(shown.get("groups")).isNotEmpty();
        assertThat(shown.get("lateDrawn").asLong()).isEqualTo(stream.firstDrawnStep());
    }

    private static JsonNode dataIn(Path report) throws Exception {
        String html = Files.readString(report);
        int open = html.indexOf('>', html.indexOf("application/json")) + 1;
        return new ObjectMapper().readTree(html.substring(open, html.indexOf("</script>", open)));
    }
}
