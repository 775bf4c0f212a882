package io.sluice.bridge;

import java.nio.file.Path;

/** The bridge's folder cannot be used. The message names the folder and what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** Another process, or another bridge of this one, has it open. */
        LOCKED("another bridge has it open: end that one, or give this one a folder of its own"),
        /** What it holds cannot be read. */
        DAMAGED(
                "it is damaged: move it away and start again. The trainer's checkpoint and the log"
                        + " hold everything a run needs; only what this bridge knew of the highest"
                        + " epoch is learnt anew from the next plan"),
        /** It cannot be created, read or written. */
        UNUSABLE("it cannot be used: check its permissions and the free space"),
        /** It was closed. */
        CLOSED("it is closed: open a new bridge");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }
    }

    private final Kind kind;

    StoreException(Kind kind, Path folder, Throwable cause) {
        super(
                "state folder "
                        + folder
                        + ": "
                        + kind.remedy
                        + (cause == null ? "" : " (" + cause.getMessage() + ")"),
                cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
