package io.sluice.bridge;

/** A relayed trainer asked for what its session cannot give. */
public final class RelayException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** The session was closed. */
        CLOSED,
        /** A step before the session's first, a forgotten one, or one too far ahead. */
        STEP_NOT_AT_HAND,
        /** A round that has ended already. */
        ROUND_PASSED
    }

    private final Kind kind;

    RelayException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
