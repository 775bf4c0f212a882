package io.sluice.ops.run;

import io.sluice.bridge.daemon.RunData;
import io.sluice.core.domain.RunSpec;
import java.nio.file.Path;

/**
 * What a {@code run.yaml} says.
 *
 * @param spec the run's declaration, without its digest
 * @param drawsPerStep micro-batches of a step over all ranks
 * @param data where the data of its groups and targets is; {@code files} are absolute paths in
 *     order
 */
public record RunFile(RunSpec spec, int drawsPerStep, RunData data) {

    /**
     * Reads a file.
     *
     * @throws RunFileException with everything that is wrong with it
     */
    public static RunFile read(Path file) {
        return new RunFileReader(file).read();
    }
}
