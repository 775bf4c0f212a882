package io.sluice.bridge.daemon;

/** A daemon cannot start. The message names the place and what to do. */
public final class DaemonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** Another daemon serves on the socket. */
        SOCKET_IN_USE("another bridge serves on it: end that one, or choose another socket"),
        /** The socket cannot be made. */
        SOCKET_UNUSABLE(
                "cannot be made a socket: choose a path of at most 100 bytes at which there is no"
                        + " file"),
        /** Others could replace the socket, or it cannot be written to. */
        FOLDER_UNUSABLE(
                "is no safe folder for a socket: give it one of your own that nobody else may"
                        + " enter (mode 0700), or one that does not exist yet"),
        /** The token file cannot be used. */
        TOKEN_UNUSABLE(
                "cannot be used: it must hold a token of at least 16 characters and be readable by"
                        + " its owner only (mode 0600)"),
        /** The port cannot be listened on. */
        PORT_UNUSABLE(
                "cannot be listened on: end the process that holds it, or choose another port");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }
    }

    private final Kind kind;

    DaemonException(Kind kind, Object place, Throwable cause) {
        super(
                place + " " + kind.remedy + (cause == null ? "" : " (" + cause.getMessage() + ")"),
                cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
