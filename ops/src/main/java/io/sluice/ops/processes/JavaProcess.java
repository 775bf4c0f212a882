package io.sluice.ops.processes;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that can be killed, paused and stopped in order. It ends with this process,
 * however this process ends: {@link Child} in it, or its own main, reads standard input to its end.
 */
public final class JavaProcess implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(25);

    private final Launch launch;
    private final Process process;
    private final PrintWriter input;

    /** While it is paused, it would not see that we have ended. */
    private final Thread end;

    private JavaProcess(Launch launch, Process process) {
        this.launch = launch;
        this.process = process;
        this.end = new Thread(process::destroyForcibly);
        this.input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /**
     * What to start.
     *
     * @param name names the process and its files
     * @param logs folder for {@code NAME.log}, which the process writes, and {@code NAME.out}, its
     *     standard output and error
     * @param heapMebibytes largest heap
     * @param classPath class path, as the system writes it
     * @param options more options of the JVM
     * @param command main class and its arguments
     */
    public record Launch(
            String name,
            Path logs,
            int heapMebibytes,
            String classPath,
            List<String> options,
            List<String> command) {

        public Launch {
            options = List.copyOf(options);
            command = List.copyOf(command);
        }
    }

    /** Starts a process. */
    public static JavaProcess start(Launch launch) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + launch.heapMebibytes() + "m");
        // Short lives on few cores: compile little, and collect on one thread.
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dsluice.log=" + launch.logs().resolve(launch.name() + ".log"));
        command.addAll(launch.options());
        command.addAll(List.of("-cp", launch.classPath()));
        command.addAll(launch.command());
        try {
            Files.createDirectories(launch.logs());
            return new JavaProcess(
                    launch,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(out(launch).toFile()))
                            .start());
        } catch (IOException e) {
            throw new UserException(
                    "cannot start " + launch.name() + " (" + e.getMessage() + ")", e);
        }
    }

    /** Its name. */
    public String name() {
        return launch.name();
    }

    /** Writes a line to its standard input. */
    public void say(String line) {
        input.println(line);
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Returns when it lives.
     *
     * @throws UserException when it has ended
     */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new UserException(
                    launch.name()
                            + " ended with code "
                            + process.exitValue()
                            + ": "
                            + out(launch)
                            + " and the log beside it say why");
        }
    }

    /** Ends it as a machine's failure would, and waits until the system has cleared it away. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops its threads where they are; connections stay open. */
    public void pause() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(end);
        signal("STOP");
    }

    /** Lets it go on. */
    public void resume() throws InterruptedException {
        signal("CONT");
        Runtime.getRuntime().removeShutdownHook(end);
    }

    /** Ends it in order, or by force when it takes too long. */
    public void stop() throws InterruptedException {
        input.close();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void signal(String name) throws InterruptedException {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new UserException("cannot send " + name + " to " + launch.name());
            }
        } catch (IOException e) {
            throw new UserException("there is no 'kill' command on this machine", e);
        }
    }

    private static Path out(Launch launch) {
        return launch.logs().resolve(launch.name() + ".out");
    }
}
