package io.sluice.ops.processes;

import io.sluice.ops.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Starts processes that end with this one, and waits for them. */
final class Launcher {

    private static final Duration START = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 200;

    private final Path logs;

    /**
     * @param logs folder for what the processes say
     */
    Launcher(Path logs) {
        this.logs = logs;
    }

    /** A process with the class path of this one. */
    JavaProcess java(String name, int heap, Class<?> main, List<String> arguments) {
        String classPath = System.getProperty("java.class.path");
        return start(name, heap, classPath, List.of(), main, arguments);
    }

    /** A process with the class path of a Flink distribution. */
    JavaProcess flink(
            String name, int heap, List<String> jvm, Class<?> main, List<String> arguments) {
        return start(name, heap, FlinkFiles.classPath(), jvm, main, arguments);
    }

    private JavaProcess start(
            String name,
            int heap,
            String classPath,
            List<String> jvm,
            Class<?> main,
            List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Child.class.getName(), main.getName()));
        command.addAll(arguments);
        return JavaProcess.start(new JavaProcess.Launch(name, logs, heap, classPath, jvm, command));
    }

    /**
     * Asks until the answer is yes; what is not there yet may fail to answer.
     *
     * @param alive throws when there is nobody to wait for any more
     * @throws UserException when the answer is not yes in time
     */
    static void await(String what, Runnable alive, Callable<Boolean> question) throws Exception {
        long start = System.nanoTime();
        while (true) {
            alive.run();
            UserException failure = null;
            try {
                if (question.call()) {
                    return;
                }
            } catch (UserException e) {
                failure = e;
            }
            if (System.nanoTime() - start > START.toNanos()) {
                throw new UserException(
                        what + " did not answer within " + START.toSeconds() + " s", failure);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
