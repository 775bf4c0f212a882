/** In which order a trainer draws a group's documents while more of them arrive. */
package io.sluice.core.pool;
