package io.sluice.ops.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gathers what is wrong with one file. */
final class Problems {

    /** More than a person reads; a file of another kind has thousands. */
    private static final int MOST = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Node place, String message) {
        add(place.getStartMark(), message);
    }

    void add(Optional<Mark> place, String message) {
        add(
                place.map(Mark::getLine).orElse(0) + 1,
                place.map(Mark::getColumn).orElse(0) + 1,
                message);
    }

    void add(int line, int column, String message) {
        if (found.size() < MOST) {
            found.add(new Problem(file, line, column, message.replaceAll("\\s*\\R\\s*", " ")));
        }
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * @throws RunFileException when there are any
     */
    void throwIfAny() {
        if (!found.isEmpty()) {
            Collections.sort(found);
            throw new RunFileException(found);
        }
    }
}
