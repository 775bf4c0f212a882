/** The page that shows a run while it trains, and the report that the run leaves behind. */
package io.sluice.ops.page;
