package io.sluice.ops.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the ranks wrote down, step by step.
 *
 * @param versions the plan version that each rank used; -1 where there was no such rank
 * @param groups place of the group of each draw, over all ranks; -1 where none was drawn
 * @param occurrences how often its group had been drawn before
 */
record RanksBooks(long[][] versions, int[][] groups, int[][] occurrences) {

    /** Reads the files that {@code ranks.py} describes. */
    static RanksBooks read(Path folder, int steps, int ranks, int draws) throws IOException {
        ByteBuffer used = little(folder.resolve("versions"));
        ByteBuffer drawn = little(folder.resolve("documents"));
        long[][] versions = new long[steps][ranks];
        int[][] groups = new int[steps][draws];
        int[][] occurrences = new int[steps][draws];
        for (int step = 0; step < steps; step++) {
            for (int rank = 0; rank < ranks; rank++) {
                versions[step][rank] = used.getLong();
            }
            for (int draw = 0; draw < draws; draw++) {
                groups[step][draw] = drawn.getInt();
                occurrences[step][draw] = drawn.getInt();
            }
        }
        return new RanksBooks(versions, groups, occurrences);
    }

    int steps() {
        return versions.length;
    }

    private static ByteBuffer little(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
