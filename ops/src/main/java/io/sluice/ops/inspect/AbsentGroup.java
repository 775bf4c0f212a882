package io.sluice.ops.inspect;

import java.util.OptionalLong;

/**
 * A declared group that is out of the mixture.
 *
 * @param group the group
 * @param cause what took it out
 * @param sinceRound the round by whose decision it left; empty when no decision in the log took it
 *     out
 * @param sinceStep first step of that decision's plan; empty as the round, and when it made no plan
 * @param who the operator who retired it; empty when none did
 * @param why their reason; empty as the operator
 * @param command their command; empty as the operator
 */
public record AbsentGroup(
        String group,
        Cause cause,
        OptionalLong sinceRound,
        OptionalLong sinceStep,
        String who,
        String why,
        String command) {

    /** What took a group out of the mixture. */
    public enum Cause {
        /** It was declared dormant, and no decision in the log took it out later. */
        DECLARED,
        /** An operator retired it. */
        OPERATOR,
        /** The catalog that the run follows announced that it takes part no more. */
        CATALOG,
        /** Nothing in the log says it. */
        UNKNOWN
    }
}
