package io.sluice.bridge;

/** How an attempt stands to the log. */
public enum LogState {
    /** The log answers. */
    CONNECTED,
    /** The log does not answer; the last mixture stays. */
    LOG_AWAY,
    /** A newer attempt of the run has started elsewhere; the last mixture stays. */
    FENCED
}
