package io.sluice.ops.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A Python with SciPy of a known version, in a virtual environment under the checkout's {@code
 * .sluice}: made on first use with {@code pip}, and left there.
 */
final class SciPy {

    private static final List<String> PACKAGES = List.of("numpy==2.2.6", "scipy==1.15.3");

    private SciPy() {}

    /** The interpreter; empty when there is no Python, or pip cannot install the packages. */
    static Optional<String> interpreter(PrintStream progress) throws InterruptedException {
        Path folder =
                Path.of(System.getProperty("sluice.home", "."), ".sluice", "venv-scipy-1.15.3");
        String python = folder.resolve("bin/python").toString();
        if (works(python)) {
            return Optional.of(python);
        }
        Optional<String> base = PythonScript.interpreter();
        if (base.isEmpty()) {
            progress.println("no Python of 3.10 or newer: set SLUICE_PYTHON");
            return Optional.empty();
        }
        progress.println("installing " + PACKAGES + " into " + folder);
        boolean made =
                ends(List.of(base.get(), "-m", "venv", folder.toString()))
                        && ends(
                                List.of(
                                        python,
                                        "-m",
                                        "pip",
                                        "install",
                                        "--quiet",
                                        "--disable-pip-version-check",
                                        PACKAGES.get(0),
                                        PACKAGES.get(1)));
        return made && works(python) ? Optional.of(python) : Optional.empty();
    }

    private static boolean works(String python) throws InterruptedException {
        return Files.isExecutable(Path.of(python)) && ends(List.of(python, "-c", "import scipy"));
    }

    private static boolean ends(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
