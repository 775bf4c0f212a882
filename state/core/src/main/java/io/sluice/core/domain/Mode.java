package io.sluice.core.domain;

/** Whether a run's decisions are published as plans. */
public enum Mode {
    /** Decide and record, publish nothing. */
    OBSERVE,
    /** Decide and publish. */
    CONTROL
}
