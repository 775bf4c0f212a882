package io.sluice.ops.cluster;

import io.sluice.ops.UserException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the candidate job needs besides its own jar in order to run a model. */
public final class ScorerJars {

    private ScorerJars() {}

    /**
     * The jars.
     *
     * @param folder where the scorer's build put its own jar and the list of its libraries
     * @throws UserException when they are not there
     */
    public static List<Path> of(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            Stream<Path> own =
                    files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted();
            String libraries = Files.readString(folder.resolve("sluice-scorer.classpath")).strip();
            List<Path> jars =
                    Stream.concat(
                                    own,
                                    Arrays.stream(libraries.split(File.pathSeparator))
                                            .map(Path::of))
                            .toList();
            for (Path jar : jars) {
                if (!Files.isReadable(jar)) {
                    throw new UserException("what runs a model lacks " + jar + ": build it again");
                }
            }
            return jars;
        } catch (IOException e) {
            throw new UserException(
                    folder
                            + " does not have what runs a model ("
                            + e
                            + "): build it with 'mvn package', or name it with --scorer-jars",
                    e);
        }
    }
}
