package io.sluice.ops.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The scripts of {@code trainer-bridge/python/bench}. */
final class PythonScript {

    private static final String NEEDED = "import sys; sys.exit(sys.version_info < (3, 10))";

    private PythonScript() {}

    /**
     * The Python to use: {@code $SLUICE_PYTHON}, else {@code python3}; empty when there is none of
     * 3.10 or newer.
     */
    static Optional<String> interpreter() throws InterruptedException {
        String candidate = System.getenv().getOrDefault("SLUICE_PYTHON", "python3");
        boolean works = ChildProcess.works(List.of(candidate, "-c", NEEDED));
        return works ? Optional.of(candidate) : Optional.empty();
    }

    /** Starts a script by its file's name. */
    static JsonProcess start(String interpreter, String name, List<String> arguments) {
        Path home =
                Path.of(System.getProperty("sluice.home", ".")).resolve("trainer-bridge/python");
        List<String> command = new ArrayList<>();
        command.add(interpreter);
        command.add(home.resolve("bench").resolve(name).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONPATH", home.resolve("src").toString());
        return new JsonProcess(name, ChildProcess.start(name, builder));
    }
}
