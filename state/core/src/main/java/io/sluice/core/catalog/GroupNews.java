package io.sluice.core.catalog;

import java.util.OptionalLong;

/**
 * What a catalog says of one of its groups.
 *
 * @param state whether the group takes part
 * @param uniqueTokens tokens that were let in and not removed, at least 0; absent while no supply
 *     was told
 * @param version grows with every document that was judged: of two supplies the one with the higher
 *     version counts; -1 while none was told
 */
public record GroupNews(State state, OptionalLong uniqueTokens, long version) {

    /** Whether a group takes part. */
    public enum State {
        /** The catalog said nothing. */
        UNKNOWN,
        /** It does. */
        ACTIVE,
        /** Not at present. */
        EXCLUDED,
        /** Not any more. */
        RETIRED
    }

    /** The catalog said nothing. */
    public static final GroupNews NONE = new GroupNews(State.UNKNOWN, OptionalLong.empty(), -1);

    public GroupNews {
        if (uniqueTokens.isPresent() && uniqueTokens.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "unique tokens " + uniqueTokens.getAsLong() + " are below 0");
        }
    }

    /** What is known once {@code other} was told: its state if it has one, and the later supply. */
    public GroupNews with(GroupNews other) {
        GroupNews supply = other.version > version ? other : this;
        return new GroupNews(
                other.state == State.UNKNOWN ? state : other.state,
                supply.uniqueTokens,
                supply.version);
    }
}
