package io.sluice.ops.bench;

import io.sluice.ops.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that a benchmark starts, talks to by lines, and takes down with its children when the
 * benchmark ends, however it ends.
 */
final class ChildProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final Thread hook;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.hook = new Thread(this::kill);
        Runtime.getRuntime().addShutdownHook(hook);
        Thread reader = new Thread(this::read, "sluice-bench-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process; what it says on standard error goes to ours. */
    static ChildProcess start(String name, ProcessBuilder builder) {
        try {
            return new ChildProcess(
                    name, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UserException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Starts a class of this program in a Java of its own.
     *
     * @param prefix a command that runs the rest of its line; may be empty
     * @param options options of Java
     */
    static ChildProcess java(
            String name,
            List<String> prefix,
            List<String> options,
            Class<?> main,
            List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return start(name, new ProcessBuilder(command));
    }

    /** Whether this machine has a command, which is to end well. */
    static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes a line to its standard input. */
    void say(String line) {
        input.println(line);
    }

    /**
     * The next line of its standard output; empty when it has ended.
     *
     * @throws IllegalStateException when none comes in time
     */
    Optional<String> hear(Duration limit) throws InterruptedException {
        Optional<String> line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IllegalStateException(name + " said nothing for " + limit.toSeconds() + " s");
        }
        if (line.isEmpty()) {
            lines.add(line);
        }
        return line;
    }

    /**
     * The next line of its standard output.
     *
     * @throws IllegalStateException when none comes in time, or it has ended
     */
    String require(Duration limit) throws InterruptedException {
        return hear(limit).orElseThrow(() -> new IllegalStateException(name + " ended"));
    }

    /** Ends it as a machine's failure would. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Asks it to end, and waits until it has. */
    void stop(Duration limit) throws InterruptedException {
        process.destroy();
        awaitEnd(limit);
    }

    /** Waits for its end, and answers its exit code. */
    int awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(name + " does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process ends, and the hook runs.
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            // It was killed while it spoke.
        }
        lines.add(Optional.empty());
    }
}
