/** Decides recorded rounds once more, from the log alone. */
package io.sluice.core.replay;
