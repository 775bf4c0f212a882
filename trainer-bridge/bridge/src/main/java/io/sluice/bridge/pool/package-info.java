/**
 * Documents of a catalog, held beside a trainer: read from the log by the bridge, drawn by the
 * trainer.
 */
package io.sluice.bridge.pool;
