package io.sluice.ops.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

    private static final Pattern DATA =
            Pattern.compile(
                    "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir private Path folder;

    @Test
    void holdsTheDataItShows() throws Exception {
        String report = write(TestingRuns.history());
        JsonNode data = new ObjectMapper().readTree(data(report));
        assertThat(data.at("/run/id").asText()).isEqualTo("demo");
        assertThat(data.at("/mixtures/steps")).hasSize(2);
    }

    @Test
    void asksNothingOfTheNetwork() throws Exception {
        String report = write(TestingRuns.history());
        assertThat(report)
                .doesNotContainPattern("(?i)(src|href|action)\\s*=\\s*[\"']?\\s*(https?:)?//")
                .doesNotContainPattern("(?i)@import|url\\(\\s*[\"']?https?:|<link[^>]*stylesheet")
                .contains("connect-src 'none'")
                .doesNotContain("{{");
    }

    @Test
    void keepsMarkupInMessagesHarmless() throws Exception {
        RunHistory history = TestingRuns.history();
        String hostile = "disk full </script><b>bold</b><!-- {{data}} {{script}} & more";
        history.status(RunStatus.FAILED, hostile);
        history.decision(RoundDecision.held(2, 50, "dga", "INCOMPLETE", hostile, 1));
        String report = write(history);
        assertThat(report).doesNotContain("<b>bold").doesNotContain("<!-- {{");
        JsonNode data = new ObjectMapper().readTree(data(report));
        assertThat(data.at("/status/message").asText()).isEqualTo(hostile);
        assertThat(data.at("/rounds/recent/2/message").asText()).isEqualTo(hostile);
    }

    @Test
    void allowsOnlyItsOwnScriptAndStyle() throws Exception {
        String report = write(TestingRuns.history());
        assertThat(report)
                .contains("script-src " + hash(between(report, "<script>", "</script>")))
                .contains("style-src " + hash(between(report, "<style>", "</style>")))
                .doesNotContain("unsafe-inline")
                .doesNotContainPattern("<[a-z]+[^>]*\\sstyle=");
    }

    @Test
    void replacesAnOlderReportAndLeavesNothingElse() throws Exception {
        Path file = folder.resolve("runs/demo/report.html");
        HtmlReport.write(file, TestingRuns.history());
        RunHistory later = TestingRuns.history();
        later.status(RunStatus.FINISHED, "");
        HtmlReport.write(file, later);
        assertThat(Files.readString(file)).contains("FINISHED");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    private String write(RunHistory history) throws IOException {
        Path file = folder.resolve("report.html");
        HtmlReport.write(file, history);
        return Files.readString(file);
    }

    private static String data(String report) {
        Matcher matcher = DATA.matcher(report);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String text) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
