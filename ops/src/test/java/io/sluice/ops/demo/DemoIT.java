package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with everything in it, for as many steps as a test can wait for. */
final class DemoIT {

    private static final int STEPS = 175;
    private static final Path CORPUS = Path.of("corpus");

    @Test
    void theTransformerTrainsByPlansThatFeedbackMade(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        DemoSummary summary = run("dga", folder, console);

        assertThat(summary.steps()).isEqualTo(STEPS);
        assertThat(summary.tokens()).isEqualTo(STEPS * 16 * 128L);
        assertThat(summary.plans().published()).isPositive();
        assertThat(summary.plans().applied()).isPositive();
        assertThat(summary.plans().refused()).isZero();
        assertThat(summary.signals().dropped()).isZero();
        assertThat(summary.signals().rejected()).isZero();
        assertThat(summary.groups().stream().mapToDouble(DemoSummary.Group::last).sum())
                .isCloseTo(1, within(1e-12));
        assertThat(summary.groups()).anyMatch(group -> group.last() != group.prior());
        assertThat(summary.targets()).allMatch(target -> target.lastLoss() < target.firstLoss());
        assertThat(console.toString(StandardCharsets.UTF_8).toLowerCase())
                .doesNotContain("error", "exception");
        assertThat(mixturesIn(summary.report())).isGreaterThan(1);
    }

    @Test
    void thePolicyStaticStaysAtThePrior(@TempDir Path folder) throws Exception {
        DemoSummary summary = run("static", folder, new ByteArrayOutputStream());
        assertThat(summary.plans()).isEqualTo(new DemoSummary.Plans(0, 0, 0));
        assertThat(summary.groups()).allMatch(group -> group.last() == group.prior());
    }

    private static DemoSummary run(String policy, Path folder, ByteArrayOutputStream console)
            throws Exception {
        DemoOptions options =
                new DemoOptions(
                        STEPS,
                        policy,
                        5,
                        OptionalInt.empty(),
                        false,
                        CORPUS,
                        folder.resolve("state"));
        return new Demo(options, new PrintStream(console, true, StandardCharsets.UTF_8), false)
                .run();
    }

    private static int mixturesIn(Path report) throws IOException {
        String html = Files.readString(report);
        int open = html.indexOf('>', html.indexOf("application/json")) + 1;
        JsonNode data =
                new ObjectMapper().readTree(html.substring(open, html.indexOf("</script>", open)));
        return data.get("mixtures").get("steps").size();
    }
}
