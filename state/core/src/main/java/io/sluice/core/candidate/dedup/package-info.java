/**
 * Finds exact and near duplicates by content hashes and MinHash bands, the first comer surviving.
 */
package io.sluice.core.candidate.dedup;
