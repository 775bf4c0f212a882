package io.sluice.djl;

import io.sluice.core.sketch.Hashes;
import io.sluice.djl.DjlCheckpoint.Cursor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The rows of one text, in an order shuffled anew for each pass over it.
 *
 * <p>Rows are cut one after the other from the whole text, separators included, so a model sees
 * where a document ends. Neighbours share one byte, so every byte but the first, and those that are
 * too few for a last row, is predicted once a pass. What comes next depends on the name, the seed
 * and how much was taken: not on any other text.
 */
final class ByteRows implements TextRows {

    private final String name;
    private final byte[] text;
    private final int rowLength;
    private final long seed;
    private final int[] order;

    private long epoch;
    private int taken;

    /**
     * @param name names the text for the shuffle and for messages
     * @param rowLength bytes of a row, at least 2
     * @throws CorpusException when the text is shorter than a row
     */
    ByteRows(String name, byte[] text, int rowLength, long seed) {
        this.name = name;
        this.text = text;
        this.rowLength = rowLength;
        this.seed = seed;
        this.order = new int[(text.length - 1) / (rowLength - 1)];
        if (order.length == 0) {
            throw new CorpusException(
                    "the text of "
                            + name
                            + " has "
                            + text.length
                            + " bytes, less than a row of "
                            + rowLength
                            + "; give it more text or shorten the model's context");
        }
        shuffle();
    }

    /** The next rows; after the last one of a pass comes the first of the next pass. */
    @Override
    public byte[][] take(int rows) {
        byte[][] result = new byte[rows][];
        for (int i = 0; i < rows; i++) {
            if (taken == order.length) {
                epoch++;
                taken = 0;
                shuffle();
            }
            int begin = order[taken++] * (rowLength - 1);
            result[i] = Arrays.copyOfRange(text, begin, begin + rowLength);
        }
        return result;
    }

    /** Rows of one pass. */
    int size() {
        return order.length;
    }

    @Override
    public Cursor cursor() {
        return new Cursor(epoch, taken);
    }

    /**
     * Goes on from a cursor that this text gave before.
     *
     * @throws CheckpointException when the text does not have so many rows
     */
    @Override
    public void seek(Cursor cursor) {
        if (cursor.epoch() < 0 || cursor.taken() < 0 || cursor.taken() > order.length) {
            throw new CheckpointException(
                    name + " has " + order.length + " rows, which " + cursor + " does not fit");
        }
        seek(cursor.epoch(), cursor.taken());
    }

    /** Goes on after so many rows of all passes, at least 0. */
    void seek(long rows) {
        seek(rows / order.length, (int) (rows % order.length));
    }

    private void seek(long pass, int rows) {
        taken = rows;
        if (pass != epoch) {
            epoch = pass;
            shuffle();
        }
    }

    private void shuffle() {
        SplittableRandom random =
                new SplittableRandom(Hashes.mix64(seed, Hashes.hash(name), epoch));
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
