package io.sluice.core.candidate.dedup;

import io.sluice.core.candidate.text.ContentHash;
import java.util.Arrays;

/**
 * All that deduplication needs of a document.
 *
 * @param hash hash of its normalised text
 * @param bands one hash per band; empty for a document that is only referred to
 * @param sketch its minima, four bits each; as long as there are bands
 */
public record Fingerprint(ContentHash hash, long[] bands, byte[] sketch) {

    private static final long[] NO_BANDS = {};
    private static final byte[] NO_SKETCH = {};

    /**
     * The fingerprint of a document whose text is not at hand: its address alone tells it apart.
     */
    public static Fingerprint ofAddress(String uri) {
        return new Fingerprint(ContentHash.of("uri:" + uri), NO_BANDS, NO_SKETCH);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Fingerprint other
                && hash.equals(other.hash)
                && Arrays.equals(bands, other.bands)
                && Arrays.equals(sketch, other.sketch);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }
}
