package io.sluice.ops;

/**
 * Something the person at the keyboard can mend: the message names the thing and the remedy, in one
 * line.
 */
public final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
