package io.sluice.ops.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A run file has problems; the message is all of them, a line each. */
public final class RunFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    RunFileException(List<Problem> problems) {
        super(
                String.join(
                        System.lineSeparator(), problems.stream().map(Problem::toString).toList()));
        this.problems = Collections.unmodifiableList(new ArrayList<>(problems));
    }

    /** The problems, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
