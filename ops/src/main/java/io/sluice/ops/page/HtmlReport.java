package io.sluice.ops.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The page with its data inside: one file that opens anywhere, without a server or network. */
public final class HtmlReport {

    private HtmlReport() {}

    /** Writes the report. A reader of {@code file} sees the old report or the new, never a part. */
    public static void write(Path file, RunHistory history) throws IOException {
        write(file, new PageTemplate().report(history.toJson()));
    }

    /** Writes a document in one go. */
    static void write(Path file, String document) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path draft = target.resolveSibling("." + target.getFileName() + ".tmp");
        try {
            Files.writeString(draft, document);
            Files.move(
                    draft,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
