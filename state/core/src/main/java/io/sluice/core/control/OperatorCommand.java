package io.sluice.core.control;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Ids;
import io.sluice.core.domain.Mixture;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an operator wants of a run. A command is known by its id: told twice, it counts once.
 *
 * @param runId the run
 * @param id names the command, an identifier of 1 to {@value #MAX_ID} characters
 * @param kind what is wanted
 * @param who who wants it, for people; 1 to {@value #MAX_WHO} bytes
 * @param why the reason, for people; 1 to {@value #MAX_WHY} bytes
 * @param untilStep first step for which it holds no more; absent when it holds until it is undone
 * @param groups the groups to add, to retire, to exclude, to include or to unpin; none unpins all
 * @param pins the shares to pin, each in (0, 1], summing to at most 1
 * @param rollback the mixture to return to
 * @param policy what to decide by
 */
public record OperatorCommand(
        String runId,
        String id,
        Kind kind,
        String who,
        String why,
        OptionalLong untilStep,
        SortedSet<GroupId> groups,
        SortedMap<GroupId, Double> pins,
        Optional<Mixture> rollback,
        Optional<PolicyChange> policy) {

    /** Longest id, in characters. */
    public static final int MAX_ID = 64;

    /** Longest name of an operator, in bytes of UTF-8. */
    public static final int MAX_WHO = 64;

    /** Longest reason, in bytes of UTF-8. */
    public static final int MAX_WHY = 256;

    private static final double SUM_TOLERANCE = 1e-9;

    /** What can be wanted. */
    public enum Kind {
        /** Groups keep these shares. */
        PIN,
        /** Groups are free again. */
        UNPIN,
        /** Nothing is published; statistics go on. */
        FREEZE,
        /** Ends a freeze. */
        UNFREEZE,
        /** Groups are not drawn any more. */
        EXCLUDE,
        /** Excluded groups come back, with their prior share. */
        INCLUDE,
        /** The mixture of an earlier plan, once; the policy goes on from there. */
        ROLLBACK,
        /** Another policy, or other bounds, in place of the declared ones. */
        SET_POLICY,
        /** Groups come into the mixture, with their prior share and without evidence. */
        ADD_GROUP,
        /** Groups leave the mixture, and what was learnt of them is forgotten. */
        RETIRE_GROUP
    }

    public OperatorCommand {
        Ids.require(runId, "run");
        if (Ids.require(id, "command").length() > MAX_ID) {
            throw new IllegalArgumentException(
                    "command id '" + id + "' is longer than " + MAX_ID + " characters");
        }
        requireText(who, "who", MAX_WHO);
        requireText(why, "why", MAX_WHY);
        if (untilStep.isPresent() && untilStep.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "the command ends at step " + untilStep.getAsLong() + ", which is negative");
        }
        groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
        pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
        boolean moves = kind == Kind.ADD_GROUP || kind == Kind.RETIRE_GROUP;
        boolean named = moves || kind == Kind.EXCLUDE || kind == Kind.INCLUDE;
        require(!moves || untilStep.isEmpty(), kind, "ends by itself");
        require(named || kind == Kind.UNPIN ? true : groups.isEmpty(), kind, "lists groups");
        require(!named || !groups.isEmpty(), kind, "names no group");
        require((kind == Kind.PIN) != pins.isEmpty(), kind, "pins " + pins.size() + " groups");
        require((kind == Kind.ROLLBACK) == rollback.isPresent(), kind, mixture(rollback));
        require((kind == Kind.SET_POLICY) == policy.isPresent(), kind, change(policy));
        double sum = 0;
        for (SortedMap.Entry<GroupId, Double> pin : pins.entrySet()) {
            if (!(pin.getValue() > 0 && pin.getValue() <= 1)) {
                throw new IllegalArgumentException(
                        "the pinned share "
                                + pin.getValue()
                                + " of group "
                                + pin.getKey()
                                + " is not in (0, 1]: exclude a group that is not to be drawn");
            }
            sum += pin.getValue();
        }
        if (sum > 1 + SUM_TOLERANCE) {
            throw new IllegalArgumentException("pinned shares sum to " + sum + ", over 1");
        }
    }

    private static String mixture(Optional<Mixture> rollback) {
        return rollback.isPresent() ? "carries a mixture" : "carries no mixture";
    }

    private static String change(Optional<PolicyChange> policy) {
        return policy.isPresent() ? "names a policy" : "names no policy";
    }

    private static void require(boolean fits, Kind kind, String what) {
        if (!fits) {
            throw new IllegalArgumentException("a command of kind " + kind + " " + what);
        }
    }

    private static void requireText(String text, String what, int most) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (text.isBlank() || bytes > most) {
            throw new IllegalArgumentException(
                    "'" + what + "' has " + bytes + " bytes; 1 to " + most + " are needed");
        }
    }
}
