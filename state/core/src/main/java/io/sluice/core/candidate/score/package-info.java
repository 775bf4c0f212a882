/** Scores of documents: by plain statistics of their text, and by the vectors of a model. */
package io.sluice.core.candidate.score;
