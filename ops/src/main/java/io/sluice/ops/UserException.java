package io.sluice.ops;

/**
 * Something the person at the keyboard can mend: the message names the thing and the remedy, in one
 * line.
 */
public final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int FAILED = 1;
    private static final int INVALID = 3;
    private static final int UNREACHABLE = 4;

    private final int exitCode;

    public UserException(String message) {
        this(message, null);
    }

    public UserException(String message, Throwable cause) {
        this(message, cause, FAILED);
    }

    private UserException(String message, Throwable cause, int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Something that was asked for and cannot be; scripts tell it by its exit code. */
    public static UserException invalid(String message, Throwable cause) {
        return new UserException(message, cause, INVALID);
    }

    /** Something that does not answer; scripts tell it by its exit code. */
    public static UserException unreachable(String message, Throwable cause) {
        return new UserException(message, cause, UNREACHABLE);
    }

    /** The exit code of a program that ends with this. */
    public int exitCode() {
        return exitCode;
    }
}
