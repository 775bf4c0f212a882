/**
 * What the candidate stream computes: rules for documents, duplicates, overlap with targets,
 * scores, admission and supply.
 */
package io.sluice.core.candidate;
