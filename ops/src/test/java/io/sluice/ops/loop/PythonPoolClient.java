package io.sluice.ops.loop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python process that draws a group's documents by {@code sluice.pool}, from the first one on.
 */
final class PythonPoolClient implements AutoCloseable {

    private static final String PYTHON = System.getenv().getOrDefault("SLUICE_PYTHON", "python3");

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader drawn;

    /** Starts it; the bridge need not be there yet. */
    PythonPoolClient(Path socket, String group) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                PYTHON,
                                Path.of("src/test/resources/python/draw_documents.py").toString(),
                                "unix:" + socket,
                                group)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PYTHONPATH", "../trainer-bridge/python/src");
        process = builder.start();
        orders = process.outputWriter();
        drawn = process.inputReader();
    }

    /** Whether there is a Python that the package runs on. */
    static boolean isAvailable() throws InterruptedException {
        try {
            String needed = "import sys; sys.exit(sys.version_info < (3, 10))";
            return new ProcessBuilder(PYTHON, "-c", needed).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The identifiers of the next documents. */
    List<String> draw(int count) throws IOException {
        orders.write(count + "\n");
        orders.flush();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = drawn.readLine();
            if (id == null) {
                throw new IOException("the client has ended");
            }
            ids.add(id);
        }
        return ids;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
