package io.sluice.core.candidate.dedup;

import java.util.Optional;
import java.util.OptionalLong;

/** Where the documents of one catalog are remembered. What is old may be forgotten. */
public interface DedupStore {

    /** The document under a reference. */
    Optional<Survivor> survivor(long reference);

    /** Remembers a document under a reference, in place of what was there. */
    void put(long reference, Survivor survivor);

    /** The reference under a key: the hash of a band or of an identifier. */
    OptionalLong reference(long key);

    /** Puts a reference under a key, in place of what was there. */
    void put(long key, long reference);
}
