package io.sluice.core.candidate.dedup;

import java.util.Arrays;

/**
 * What is remembered of a document that was no duplicate.
 *
 * @param id its identifier
 * @param position where it stands in its topic
 * @param hashLow the second half of its content hash; the first is what it is found by
 * @param emitted whether it stands on the topic of admitted documents already
 * @param sketch its minima; see {@link Fingerprint}
 */
public record Survivor(String id, Position position, long hashLow, boolean emitted, byte[] sketch) {

    /** What is to be remembered of a document that was not emitted yet. */
    public static Survivor of(String id, Position position, Fingerprint fingerprint) {
        return new Survivor(id, position, fingerprint.hash().low(), false, fingerprint.sketch());
    }

    /** The same document, now known to stand on the topic of admitted documents. */
    Survivor asEmitted() {
        return new Survivor(id, position, hashLow, true, sketch);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Survivor other
                && id.equals(other.id)
                && position.equals(other.position)
                && hashLow == other.hashLow
                && emitted == other.emitted
                && Arrays.equals(sketch, other.sketch);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
