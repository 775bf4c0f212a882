package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.Optional;

/**
 * The token-prior filter (arXiv 2509.18577): the mean and the standard deviation of a document's
 * log word frequencies tell prose of a kind from lists, code and noise at a fraction of a
 * perplexity's cost. Here the frequencies are those of the document's own group, in hashed buckets.
 *
 * <p>The first 100 documents of a group say what is usual, and the first 1,000 say it better; then
 * it stays, so that a group does not drift towards its worst documents. A document scores {@code
 * min(1, (3/z)^2)}, z the larger distance of mean and deviation from the usual in standard
 * deviations. By the first 100 the score's version is 2, by the first 1,000 it is 3; before, there
 * is none. Version 1 was 1 before the first 1,000.
 *
 * <p>Not safe for threads; whoever stores it takes {@link #state()}.
 */
public final class TokenPriors {

    private static final int EARLY = 50;
    private static final int FULL = 500;
    private static final int EARLY_VERSION = 2;
    private static final int FULL_VERSION = 3;
    private static final double USUAL = 3;

    private final UsualWords full;
    private Optional<UsualWords> early;

    /** What nobody has seen a document of. */
    public TokenPriors() {
        this.early = Optional.of(new UsualWords(EARLY));
        this.full = new UsualWords(FULL);
    }

    /** What was stored. */
    public TokenPriors(TokenPriorsState state) {
        this.early = state.early().map(stored -> new UsualWords(EARLY, stored));
        this.full = new UsualWords(FULL, state.full());
    }

    /** A copy of all there is to store. */
    public TokenPriorsState state() {
        return new TokenPriorsState(early.map(UsualWords::state), full.state());
    }

    /** Whether further documents change nothing. */
    public boolean isLearned() {
        return full.isLearned();
    }

    /** Learns from a document, as long as there is something to learn. */
    public void learn(NormalisedText document) {
        early.ifPresent(words -> words.learn(document));
        full.learn(document);
        if (full.isLearned()) {
            early = Optional.empty();
        }
    }

    /** The score of a document; empty before the group has shown enough to compare it with. */
    public Optional<DocumentScore> score(NormalisedText document) {
        if (full.isLearned()) {
            return Optional.of(score(full, FULL_VERSION, document));
        }
        return early.filter(UsualWords::isLearned)
                .map(words -> score(words, EARLY_VERSION, document));
    }

    private static DocumentScore score(UsualWords words, int version, NormalisedText document) {
        double z = words.distance(document);
        double value = z <= USUAL ? 1 : USUAL / z * (USUAL / z);
        return new DocumentScore("token-prior", version, value);
    }
}
