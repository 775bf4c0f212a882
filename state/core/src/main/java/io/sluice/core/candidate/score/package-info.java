/** Scores of documents by plain statistics of their text; no language model is asked. */
package io.sluice.core.candidate.score;
