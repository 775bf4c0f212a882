package io.sluice.djl;

import io.sluice.djl.DjlCheckpoint.Cursor;

/** Rows of bytes to train on or to measure with, one after the other without an end. */
interface TextRows {

    /** The next rows; fewer, or none, where there is no text for more yet. */
    byte[][] take(int rows);

    /** How much has been taken so far. */
    Cursor cursor();

    /**
     * Goes on from a cursor that these rows gave before.
     *
     * @throws CheckpointException when it does not fit
     */
    void seek(Cursor cursor);
}
