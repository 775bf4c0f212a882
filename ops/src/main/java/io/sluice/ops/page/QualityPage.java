package io.sluice.ops.page;

import java.io.IOException;
import java.nio.file.Path;

/** The report of {@code bench quality}: one file that opens anywhere. */
public final class QualityPage {

    private QualityPage() {}

    /**
     * Writes the report.
     *
     * @param json the benchmark's result
     */
    public static void write(Path file, String json) throws IOException {
        HtmlReport.write(file, PageTemplate.quality().report(json));
    }
}
