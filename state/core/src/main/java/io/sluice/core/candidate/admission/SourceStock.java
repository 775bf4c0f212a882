package io.sluice.core.candidate.admission;

/**
 * What a group holds of one source.
 *
 * @param number the source's number within the group
 * @param documents documents let in and not removed
 * @param tokens their tokens
 */
public record SourceStock(int number, long documents, long tokens) {

    /** One document more. */
    public SourceStock add(long moreTokens) {
        return new SourceStock(number, documents + 1, tokens + moreTokens);
    }

    /** One document less. */
    public SourceStock remove(long lessTokens) {
        return new SourceStock(
                number, Math.max(0, documents - 1), Math.max(0, tokens - lessTokens));
    }
}
