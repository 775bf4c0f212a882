package io.sluice.ops.cli;

import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Looks at the machine's memory before something starts that would not fit. */
final class Memory {

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private Memory() {}

    /**
     * @param what what is about to start
     * @param neededMebibytes how much it takes
     * @throws UserException when the machine says that it has less
     */
    static void require(String what, long neededMebibytes) {
        check(what, neededMebibytes, availableMebibytes());
    }

    static void check(String what, long needed, OptionalLong available) {
        if (available.isPresent() && available.getAsLong() < needed) {
            throw new UserException(
                    what
                            + " needs about "
                            + needed
                            + " MiB of free memory and this machine has "
                            + available.getAsLong()
                            + ": close other programs, or use a larger machine");
        }
    }

    /** Memory that could be had without swapping; empty on systems that do not say. */
    private static OptionalLong availableMebibytes() {
        try {
            return Files.readAllLines(MEMINFO).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
