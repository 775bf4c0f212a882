package io.sluice.ops.candidates;

/** What one document of a text file is. */
public enum Split {
    /** What stands between blank lines. */
    BLANK,
    /** A line. */
    LINE,
    /** The whole file. */
    FILE
}
