package io.sluice.scorer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import io.sluice.core.candidate.score.EmbeddingException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The tokeniser's native library. A JVM loads a file for one class loader only, and a job that
 * starts anew in the same TaskManager has another class loader than before: so each loads a copy of
 * its own, which is deleted once it is loaded.
 */
final class TokenizerLibrary {

    /** Where DJL unpacks its libraries; a variable of the environment of this name goes first. */
    private static final String FOLDER = "ENGINE_CACHE_DIR";

    private static boolean loaded;

    private TokenizerLibrary() {}

    /**
     * Loads the library, unless this class's loader has it.
     *
     * @throws EmbeddingException when it cannot be unpacked or loaded
     */
    static synchronized void load() throws EmbeddingException {
        if (loaded) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("sluice-tokenizer");
            try {
                loadFrom(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new EmbeddingException(
                    "the tokeniser's native library cannot be loaded: "
                            + e
                            + "; java.io.tmpdir must be a folder that may be written to and run from, and"
                            + " RUST_LIBRARY_PATH and "
                            + FOLDER
                            + " must not be set in the environment",
                    e);
        }
        loaded = true;
    }

    /** A property belongs to the whole JVM, so the lock is one that all class loaders share. */
    private static void loadFrom(Path folder) {
        synchronized (Runtime.getRuntime()) {
            String before = System.getProperty(FOLDER);
            System.setProperty(FOLDER, folder.toString());
            try {
                LibUtils.checkStatus();
            } finally {
                if (before == null) {
                    System.clearProperty(FOLDER);
                } else {
                    System.setProperty(FOLDER, before);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
