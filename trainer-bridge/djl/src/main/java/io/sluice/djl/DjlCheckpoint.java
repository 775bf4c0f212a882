package io.sluice.djl;

import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.core.domain.Subject;
import java.nio.file.Path;
import java.util.Map;

/**
 * A trainer's whole state between two steps: from it training goes on as if it had not stopped, bit
 * for bit where the machine and the number of threads are the same.
 *
 * @param model sizes of the model
 * @param seed seed of the run that it belongs to
 * @param updates updates that the weights have had
 * @param tokens tokens trained on
 * @param weights values by tensor, row-major
 * @param means the optimiser's mean gradient by tensor
 * @param variances the optimiser's mean squared gradient by tensor
 * @param cursors place in each group's text and each target's dev text
 * @param session the session's part, to open the next session with
 */
public record DjlCheckpoint(
        ModelConfig model,
        long seed,
        long updates,
        long tokens,
        Map<String, float[]> weights,
        Map<String, float[]> means,
        Map<String, float[]> variances,
        Map<Subject, Cursor> cursors,
        TrainerCheckpoint session) {

    /**
     * How much of a text, or of a pool's group, has been taken.
     *
     * @param epoch passes begun before the current one; of a pool, draws before that of the
     *     document under way
     * @param taken rows taken in the current pass; of a pool, bytes taken of that document
     */
    public record Cursor(long epoch, int taken) {}

    /**
     * Reads a checkpoint.
     *
     * @throws CheckpointException when the file is missing, damaged, or of another format
     */
    public static DjlCheckpoint read(Path file) {
        return CheckpointFile.read(file);
    }
}
