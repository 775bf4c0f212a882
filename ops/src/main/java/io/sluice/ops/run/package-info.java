/**
 * Reads {@code run.yaml}. Everything that is wrong with a file is told at once, each with its line,
 * its key, what stands there and what is allowed. {@link io.sluice.ops.run.Key} is the table of all
 * keys.
 */
package io.sluice.ops.run;
