package io.sluice.bridge.pool;

import java.util.Optional;

/**
 * What an occurrence of a group takes.
 *
 * @param occurrence which draw of the group it is, from 0
 * @param pass 0 when the document is drawn for the first time; else how many times the group's
 *     documents were gone through before
 * @param document the document; empty when the group had none, or it cannot be read
 */
public record DrawnDocument(long occurrence, long pass, Optional<PooledDocument> document) {}
