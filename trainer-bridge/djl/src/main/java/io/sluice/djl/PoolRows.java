package io.sluice.djl;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.bridge.pool.PoolException;
import io.sluice.core.domain.GroupId;
import io.sluice.djl.DjlCheckpoint.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a group's documents in a pool, cut one after the other from the documents in the
 * order in which they are drawn, each with a separator behind it. Neighbours share one byte, so
 * every byte but the first is predicted.
 *
 * <p>A cursor is the number of the draw whose document is under way, and the bytes taken of it.
 */
final class PoolRows implements TextRows {

    private static final byte[] SEPARATOR = "\n\f\n".getBytes(StandardCharsets.UTF_8);

    private final GroupId group;
    private final DocumentPool pool;
    private final int rowLength;
    private final TrainingListener listener;

    private long draw;
    private int taken;
    private Optional<byte[]> text = Optional.empty();
    private long pass;

    /**
     * @param rowLength bytes of a row, at least 2
     */
    PoolRows(GroupId group, DocumentPool pool, int rowLength, TrainingListener listener) {
        this.group = group;
        this.pool = pool;
        this.rowLength = rowLength;
        this.listener = listener;
    }

    @Override
    public byte[][] take(int rows) {
        byte[][] result = new byte[rows][];
        for (int i = 0; i < rows; i++) {
            Optional<byte[]> row = next();
            if (row.isEmpty()) {
                return Arrays.copyOf(result, i);
            }
            result[i] = row.get();
        }
        return result;
    }

    @Override
    public Cursor cursor() {
        return new Cursor(draw, taken);
    }

    @Override
    public void seek(Cursor cursor) {
        if (cursor.epoch() < 0 || cursor.taken() < 0) {
            throw new CheckpointException(group + " has no " + cursor);
        }
        draw = cursor.epoch();
        taken = cursor.taken();
        text = Optional.empty();
    }

    /** A row, or nothing; what is left of a document before a gap is passed over. */
    private Optional<byte[]> next() {
        byte[] row = new byte[rowLength];
        int filled = 0;
        while (filled < rowLength) {
            if (text.isEmpty() && !begin()) {
                return Optional.empty();
            }
            byte[] now = text.get();
            int count = Math.min(rowLength - filled, now.length - taken);
            System.arraycopy(now, taken, row, filled, count);
            filled += count;
            taken += count;
            if (filled < rowLength) {
                draw++;
                taken = 0;
                text = Optional.empty();
            }
        }
        // The row's last byte is the next one's first.
        taken--;
        return Optional.of(row);
    }

    /** Draws the document that is under way; a draw without one is over. */
    private boolean begin() {
        Optional<DrawnDocument> drawn = draw();
        text =
                drawn.flatMap(DrawnDocument::document)
                        .map(document -> join(document.text()))
                        .filter(bytes -> taken < bytes.length);
        if (text.isEmpty()) {
            taken = 0;
            if (drawn.isPresent()) {
                draw++;
            }
            listener.onNothing(group);
            return false;
        }
        if (taken == 0) {
            listener.onDocument(group, drawn.orElseThrow());
        }
        if (drawn.orElseThrow().pass() > pass) {
            pass = drawn.orElseThrow().pass();
            listener.onWrap(group, pass);
        }
        return true;
    }

    /** A pool that cannot be read has no document now: the trainer goes on with other groups. */
    private Optional<DrawnDocument> draw() {
        try {
            List<DrawnDocument> drawn = pool.draw(group, draw, 1, 1);
            return drawn.stream().findFirst();
        } catch (PoolException e) {
            if (e.kind() == PoolException.Kind.RELEASED) {
                throw new CheckpointException(e.getMessage(), e);
            }
            return Optional.empty();
        }
    }

    private static byte[] join(byte[] text) {
        byte[] joined = Arrays.copyOf(text, text.length + SEPARATOR.length);
        System.arraycopy(SEPARATOR, 0, joined, text.length, SEPARATOR.length);
        return joined;
    }
}
