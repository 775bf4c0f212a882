package io.sluice.ops.run;

/**
 * One thing that is wrong with a run file.
 *
 * @param file the file, as it was named
 * @param line line, from 1
 * @param column column, from 1
 * @param message what is wrong and what is allowed
 */
public record Problem(String file, int line, int column, String message)
        implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
        return line != other.line
                ? Integer.compare(line, other.line)
                : Integer.compare(column, other.column);
    }

    /** {@code FILE:LINE:COLUMN: MESSAGE}, which editors and terminals make a link of. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
