/**
 * Says what happened in a run, from the topics alone: a reader of the log, folds of its records
 * into immutable views, and views as text and JSON. Nothing here writes to a broker.
 */
package io.sluice.ops.inspect;
