package io.sluice.core.candidate.dedup;

/** What deduplication says of a document. */
public sealed interface Finding {

    /**
     * It is new, or comes again after a restart.
     *
     * @param emitted whether it stands on the topic of admitted documents already
     */
    record Original(boolean emitted) implements Finding {}

    /**
     * A document of this identifier came before, from another place in the topic.
     *
     * @param first where
     */
    record SameId(Position first) implements Finding {}

    /**
     * A document with the same normalised text came before.
     *
     * @param survivor its identifier
     */
    record ExactDuplicate(String survivor) implements Finding {}

    /**
     * A document that is nearly the same came before.
     *
     * @param survivor its identifier
     * @param similarity the estimated Jaccard similarity
     */
    record NearDuplicate(String survivor, double similarity) implements Finding {}
}
