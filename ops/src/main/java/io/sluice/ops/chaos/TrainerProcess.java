package io.sluice.ops.chaos;

import io.sluice.ops.chaos.TrainerLog.Fact;
import io.sluice.ops.processes.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A scripted trainer in a process of its own, seen through its log. */
final class TrainerProcess implements AutoCloseable {

    /** The name under which the bridge reports. */
    static final String REPORTER = "rank-0";

    private static final int HEAP_MEBIBYTES = 96;

    private final JavaProcess process;
    private final Path log;
    private long pauses;

    private TrainerProcess(JavaProcess process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a trainer.
     *
     * @param name names it and its files
     * @param folder where its log and its checkpoints lie
     * @param socket the bridge's
     * @param checkpoint what it resumes from; empty to begin at step 0
     */
    static TrainerProcess start(String name, Path folder, Path socket, Optional<Path> checkpoint)
            throws IOException {
        Path checkpoints = Files.createDirectories(folder.resolve(name));
        Path log = folder.resolve(name + ".facts");
        JavaProcess process =
                JavaProcess.start(
                        new JavaProcess.Launch(
                                name,
                                folder,
                                HEAP_MEBIBYTES,
                                System.getProperty("java.class.path"),
                                List.of(),
                                List.of(
                                        TrainerMain.class.getName(),
                                        socket.toString(),
                                        log.toString(),
                                        checkpoints.toString(),
                                        checkpoint.map(Path::toString).orElse(""))));
        return new TrainerProcess(process, log);
    }

    /** All that it has said. */
    List<Fact> facts() throws IOException {
        return TrainerLog.read(log);
    }

    /** The last fact of a name. */
    Optional<Fact> last(String name) throws IOException {
        return facts().stream()
                .filter(fact -> fact.name().equals(name))
                .reduce((before, fact) -> fact);
    }

    /** Lets it wait at the end of its round, and say so with the number of this request. */
    long pause() {
        pauses++;
        process.say("pause " + pauses);
        return pauses;
    }

    /** Lets it go on. */
    void go() {
        process.say("go");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
