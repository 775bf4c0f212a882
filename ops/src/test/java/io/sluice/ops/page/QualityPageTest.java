package io.sluice.ops.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityPageTest {

    @TempDir private Path folder;

    @Test
    void holdsItsDataAndAsksNothingOfTheNetwork() throws Exception {
        Path file = folder.resolve("quality.html");

        QualityPage.write(file, "{\"corpus\": \"</script><b>bold</b> {{script}}\"}");

        String report = Files.readString(file);
        assertThat(report)
                .contains("\\u003c/script\\u003e")
                .doesNotContain("<b>bold")
                .contains("connect-src 'none'")
                .contains("class Plot")
                .doesNotContainPattern("(?i)(src|href|action)\\s*=\\s*[\"']?\\s*(https?:)?//");
        assertThat(folder.toFile().list()).containsExactly("quality.html");
    }
}
