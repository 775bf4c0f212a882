package io.sluice.core.candidate.score;

import java.util.Optional;

/**
 * All that there is to store of {@link TokenPriors}.
 *
 * @param early what the first documents of a group taught; empty where more of them did, or where
 *     an older version of this stored it
 * @param full what more of them taught
 */
public record TokenPriorsState(Optional<UsualWordsState> early, UsualWordsState full) {}
