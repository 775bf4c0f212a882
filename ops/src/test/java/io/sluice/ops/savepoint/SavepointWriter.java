package io.sluice.ops.savepoint;

import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * Writes the savepoint of this version, in Flink's canonical format. A stored savepoint is never
 * written again: every later build must restore it.
 */
final class SavepointWriter {

    private SavepointWriter() {}

    /** Takes the module's folder and the version, as {@code ops 0.1.0}. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !Files.isDirectory(Path.of(args[0], "src/test"))) {
            throw new IllegalArgumentException(
                    "give the folder of the module, which has src/test, and the version");
        }
        Path file = Path.of(args[0], "src/test/resources/savepoints", args[1], "_metadata");
        if (Files.exists(file)) {
            throw new IllegalArgumentException(file + " is there: name another version");
        }
        Path folder = Files.createTempDirectory("sluice-savepoint");
        Properties client = new Properties();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            client.setProperty("bootstrap.servers", broker.bootstrap());
            try (StoppedRun run = new StoppedRun(client, StoppedRun.PREFIX)) {
                run.writeFirst();
                EmbeddedJob job = run.start(folder.resolve("job"), 1);
                run.decisionsThrough(StoppedRun.OPEN - 1);
                job.suspend(SavepointFormatType.CANONICAL);
            }
        }
        Files.createDirectories(file.getParent());
        Files.copy(onlyFile(folder.resolve("job/life-1/savepoint")), file);
        System.out.println("wrote " + file);
        Runtime.getRuntime().halt(0);
    }

    /** Small state lies in the metadata. */
    private static Path onlyFile(Path savepoint) throws IOException {
        try (Stream<Path> found = Files.walk(savepoint)) {
            List<Path> files = found.filter(Files::isRegularFile).toList();
            if (files.size() != 1) {
                throw new IOException("the savepoint has more than one file: " + files);
            }
            return files.get(0);
        }
    }
}
