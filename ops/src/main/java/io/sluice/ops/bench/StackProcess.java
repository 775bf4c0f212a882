package io.sluice.ops.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A broker and the mixture job in a process of their own. They stand for other machines, and share
 * this one with a trainer: where the system has {@code taskset} and {@code nice}, they keep to one
 * core, at the lowest priority.
 */
final class StackProcess implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofMinutes(3);
    private static final List<String> LOWEST_PRIORITY = List.of("nice", "-n", "19");

    /** On Linux, of several cores the last. */
    private static List<String> aside() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        List<String> pinned = List.of("taskset", "-c", Integer.toString(cores - 1));
        List<String> prefix = new ArrayList<>();
        if (cores > 1 && ChildProcess.works(with(pinned, List.of("true")))) {
            prefix.addAll(pinned);
        }
        if (ChildProcess.works(with(LOWEST_PRIORITY, List.of("true")))) {
            prefix.addAll(LOWEST_PRIORITY);
        }
        return prefix;
    }

    private static List<String> with(List<String> prefix, List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    private final ChildProcess process;
    private final String bootstrap;

    private StackProcess(ChildProcess process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Starts both, and waits until they are there. */
    static StackProcess start(Path folder) throws InterruptedException {
        ChildProcess process =
                ChildProcess.java(
                        "the stack",
                        aside(),
                        List.of("-Xmx768m", "-Dsluice.log=" + folder.resolve("stack.log")),
                        StackMain.class,
                        List.of(folder.toString()));
        try {
            return new StackProcess(process, process.require(ANSWER));
        } catch (RuntimeException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /** Where the broker is. */
    String bootstrap() {
        return bootstrap;
    }

    /** Cancels the job. */
    void stopJob() throws InterruptedException {
        order(StackMain.STOP_JOB);
    }

    /** Stops the broker. */
    void stopBroker() throws InterruptedException {
        order(StackMain.STOP_BROKER);
    }

    private void order(String line) throws InterruptedException {
        process.say(line);
        process.require(ANSWER);
    }

    @Override
    public void close() {
        process.close();
    }
}
