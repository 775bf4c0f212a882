package io.sluice.core.pool;

/**
 * Occurrences of a group, one after the other, that take their documents by the same rule. It lasts
 * until the next one begins.
 *
 * @param from the first occurrence
 * @param kind the rule
 * @param begin what stands at {@code from}: of {@link Kind#FIRST} the document's number, of {@link
 *     Kind#AGAIN} how many repeats came before it since {@code pass} began, else 0
 * @param window the documents that are repeated; empty but for {@link Kind#AGAIN}
 * @param pass how many times documents were gone through before {@code begin} was 0; 0 but for
 *     {@link Kind#AGAIN}
 */
public record Stretch(long from, Kind kind, long begin, Window window, long pass) {

    /** How an occurrence takes its document. */
    public enum Kind {
        /** A document that was not drawn before, in the order of admission. */
        FIRST,
        /** A document that was: the group has no other now. */
        AGAIN,
        /** None: the group has no document. */
        NONE
    }

    /**
     * Documents of a group by number.
     *
     * @param first the first one
     * @param end the one behind the last
     */
    public record Window(long first, long end) {

        /** No documents. */
        public static final Window EMPTY = new Window(0, 0);

        public Window {
            if (first < 0 || end < first) {
                throw new IllegalArgumentException(
                        "documents " + first + " to " + end + " are no window");
            }
        }

        /** How many they are. */
        public long size() {
            return end - first;
        }
    }

    public Stretch {
        if (from < 0 || begin < 0 || pass < 0 || (kind == Kind.AGAIN) == (window.size() == 0)) {
            throw new IllegalArgumentException(
                    "a stretch of "
                            + kind
                            + " from "
                            + from
                            + " with "
                            + begin
                            + ", "
                            + window
                            + " and pass "
                            + pass
                            + " is not possible");
        }
    }
}
