package io.sluice.bridge.pool;

/** The document pool cannot do what it was asked for. The message says what to do. */
public final class PoolException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** Another process, or another bridge of this one, has its folder open. */
        LOCKED("another bridge has it open: end that one, or give this one a folder of its own"),
        /** It holds documents of another catalog or run. */
        FOREIGN("give this bridge a folder of its own"),
        /** What it holds cannot be read. */
        DAMAGED(
                "it is damaged: move it away and start again. The documents are read from the log"
                        + " once more, in the same order; which of them were repeated is not known"
                        + " then"),
        /** Its folder cannot be created, read or written. */
        UNUSABLE("it cannot be used: check its permissions and the free space"),
        /** The trainer had said that it would not ask for these occurrences again. */
        RELEASED(
                "resume from a later checkpoint, or move the folder away: the documents are read"
                        + " from the log once more"),
        /** It was closed. */
        CLOSED("it is closed: open a new bridge");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }
    }

    private final Kind kind;

    PoolException(Kind kind, String what, Throwable cause) {
        super(
                what + ": " + kind.remedy + (cause == null ? "" : " (" + cause.getMessage() + ")"),
                cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
