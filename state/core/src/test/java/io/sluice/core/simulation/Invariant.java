package io.sluice.core.simulation;

/** What must hold in every simulation, whatever goes wrong. */
enum Invariant {
    /** I1: every plan has the run's groups and lies on the simplex and in the box. */
    MIXTURE,
    /** I2: no accepted plan moves further from the one it replaces than the largest change. */
    CHANGE,
    /** I3: a bridge accepts exactly what it must; epochs never fall, versions rise. */
    FENCE,
    /** I4: a decision's tokens are those that the log has of its round. */
    TOKENS,
    /** I5: arrival order, repetition and restarts leave no trace in a round's numbers. */
    ORDER,
    /** I6: a decision is the one of an undisturbed controller, bit for bit. */
    REPLAY,
    /** I8: what came in was accepted, a duplicate, late or rejected for a true reason. */
    BOOKS,
    /** I10: all ranks draw the same by the same plan at the same step. */
    RANKS,
    /** A sealed step never changes its plan, and steps are drawn by their seals. */
    SEALS,
    /** Draws follow the weights within one draw, and an attempt goes on as its checkpoint says. */
    DRAWS,
    /** An attempt's statistics are those of the rounds before the one that it resumes in. */
    RESUME,
    /** Operators' commands are decided on once, in turn, and hold as long as a decision says so. */
    COMMANDS,
    /** When faults have stopped, the loop closes again within a few rounds. */
    LIVENESS,
    /** What is remembered stays within its bounds. */
    BOUNDS
}
