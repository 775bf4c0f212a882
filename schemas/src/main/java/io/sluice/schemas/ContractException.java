package io.sluice.schemas;

/** Bytes that are not what the contract says, or a record that does not fit it. */
public final class ContractException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** More bytes than the record's type may have. */
        TOO_LARGE,
        /** Not Avro's single-object encoding. */
        UNKNOWN_FORMAT,
        /** A schema that is not compiled in. */
        UNKNOWN_SCHEMA,
        /** The bytes do not fit the schema they name. */
        MALFORMED
    }

    private final Kind kind;

    ContractException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    ContractException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
