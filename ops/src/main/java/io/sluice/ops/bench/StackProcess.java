package io.sluice.ops.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A broker and the mixture job in a process of their own. Where the system has {@code nice}, it
 * runs at the lowest priority: it stands for other machines, and shares this one with a trainer.
 */
final class StackProcess implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofMinutes(3);
    private static final List<String> LOWEST_PRIORITY = List.of("nice", "-n", "19");

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
                        ChildProcess.works(List.of("nice", "true")) ? LOWEST_PRIORITY : List.of(),
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
