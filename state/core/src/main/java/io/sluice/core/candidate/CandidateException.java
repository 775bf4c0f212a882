package io.sluice.core.candidate;

/** A candidate that is turned away; the message names the field. */
public final class CandidateException extends Exception {

    private static final long serialVersionUID = 1;

    /** The closed list of reasons, also a metric label. */
    public enum Reason {
        /** Larger than a message may be. */
        TOO_LARGE,
        /** Not a record of the contract. */
        UNDECODABLE,
        /** A record of a kind that does not belong on its topic. */
        WRONG_TOPIC,
        /** A field that must be there is empty. */
        MISSING_FIELD,
        /** A field that breaks its rule. */
        INVALID_FIELD,
        /** More than a document may have. */
        DOCUMENT_TOO_LARGE,
        /** Not UTF-8. */
        BAD_ENCODING,
        /** Binary data, or nothing that reads as a word. */
        NOT_TEXT,
        /** An embedding of another size than the catalog's. */
        WRONG_VECTOR,
        /** A catalog that nobody declared. */
        UNKNOWN_CATALOG,
        /** A group that the catalog does not have. */
        UNKNOWN_GROUP,
        /** A group that takes nothing at present. */
        EXCLUDED_GROUP,
        /** Removed on request, by document or source. */
        REMOVED,
        /** Its identifier was taken before. */
        REPEATED_ID,
        /** The same text came before. */
        EXACT_DUPLICATE,
        /** Nearly the same text came before. */
        NEAR_DUPLICATE,
        /** It holds text of a target. */
        CONTAMINATED,
        /** The group wants better documents. */
        LOW_SCORE,
        /** The group has all that is wanted of it. */
        GROUP_FULL,
        /** The job was told to leave it out. */
        SKIPPED
    }

    private final Reason reason;

    public CandidateException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
