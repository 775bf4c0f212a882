package io.sluice.core.control;

import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.MixtureBox;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What holds in a run because operators said so, and what they said that was not heeded yet.
 *
 * @param pins groups whose share is fixed
 * @param exclusions groups that are not drawn, each with the command that says so
 * @param freeze the command by which nothing is published
 * @param policy what the run is decided by in place of its declaration
 * @param standing the commands that hold, oldest first, at most {@value #MAX_STANDING}
 * @param returning groups that were out of the mixture once: wherever one has no share, as in a
 *     mixture of that time, it begins anew with its prior share
 * @param rollback the mixture to return to, until a bridge has accepted it
 * @param waiting commands for the next decision, in the order of their topic, at most {@value
 *     #MAX_WAITING}
 * @param heeded ids of the last commands that were decided on, oldest first, at most {@value
 *     #MAX_HEEDED}
 * @param dropped commands that a new declaration ended and no decision has told of yet
 * @param memorySince first round whose snapshots hold memory of the policy that rules now, and of
 *     the groups that are in the mixture now
 * @param membership which groups are in the mixture
 */
public record Overrides(
        SortedMap<GroupId, Pin> pins,
        SortedMap<GroupId, String> exclusions,
        Optional<String> freeze,
        Optional<Ruled> policy,
        List<Standing> standing,
        SortedSet<GroupId> returning,
        Optional<Rollback> rollback,
        List<OperatorCommand> waiting,
        List<String> heeded,
        List<String> dropped,
        long memorySince,
        Membership membership) {

    /** Most commands that hold at a time. */
    public static final int MAX_STANDING = 16;

    /** Most commands that wait for a decision. */
    public static final int MAX_WAITING = 64;

    /** Most ids by which repeated commands are known. */
    public static final int MAX_HEEDED = 256;

    private static final double AT_SHARE = 1e-9;

    /** Nobody said anything. */
    public static final Overrides NONE =
            new Overrides(
                    new TreeMap<>(),
                    new TreeMap<>(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    new TreeSet<>(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    0,
                    Membership.DECLARED);

    /** A fixed share, by a command. */
    public record Pin(double share, String command) {}

    /** What the run is decided by, by a command. */
    public record Ruled(PolicyChange change, String command) {}

    /**
     * A command that holds.
     *
     * @param untilStep first step for which it holds no more
     */
    public record Standing(String command, Kind kind, OptionalLong untilStep) {}

    /**
     * A mixture to return to.
     *
     * @param plan digest of the plan that does so; empty while there is none, or when it was
     *     refused
     */
    public record Rollback(String command, Mixture mixture, Optional<String> plan) {}

    public Overrides {
        pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
        exclusions = Collections.unmodifiableSortedMap(new TreeMap<>(exclusions));
        standing = List.copyOf(standing);
        returning = Collections.unmodifiableSortedSet(new TreeSet<>(returning));
        waiting = List.copyOf(waiting);
        heeded = List.copyOf(heeded);
        dropped = List.copyOf(dropped);
    }

    /** The declaration as operators changed it. */
    public RunSpec ruling(RunSpec declared) {
        return membership.applyTo(
                policy.map(ruled -> ruled.change().applyTo(declared)).orElse(declared));
    }

    /**
     * Least and largest shares: a group that is excluded or out of the mixture has none, a pinned
     * one its own.
     *
     * @param ruling the declaration as operators changed it
     * @throws IllegalArgumentException when no mixture lies within
     */
    public MixtureBox box(RunSpec ruling) {
        int m = ruling.groups().size();
        double[] floors = new double[m];
        double[] caps = new double[m];
        for (int j = 0; j < m; j++) {
            GroupSpec group = ruling.groups().get(j);
            Pin pin = pins.get(group.id());
            boolean none = group.dormant() || exclusions.containsKey(group.id());
            floors[j] = none ? 0 : pin != null ? pin.share() : group.floor();
            caps[j] = none ? 0 : pin != null ? pin.share() : group.cap();
        }
        return new MixtureBox(floors, caps);
    }

    /** Whether a group is pinned or excluded. */
    public boolean fixes(GroupId group) {
        return pins.containsKey(group) || exclusions.containsKey(group);
    }

    /**
     * Whether every group that is pinned, excluded or out of the mixture has its share, within a
     * relative 1e-9.
     */
    boolean obeys(Mixture mixture, RunSpec ruling) {
        for (GroupSpec group : ruling.groups()) {
            if (group.dormant() || fixes(group.id())) {
                boolean none = group.dormant() || exclusions.containsKey(group.id());
                double share = none ? 0 : pins.get(group.id()).share();
                double weight = mixture.weight(ruling.groupIndex(group.id()));
                if (Math.abs(weight - share) > AT_SHARE * share) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a command was told before, so that it changes nothing. */
    public boolean knows(OperatorCommand command) {
        return heeded.contains(command.id())
                || standing.stream().anyMatch(held -> held.command().equals(command.id()))
                || waiting.stream().anyMatch(other -> other.id().equals(command.id()));
    }

    /** Whether so many commands wait that no further one can. */
    public boolean isFull() {
        return waiting.size() >= MAX_WAITING;
    }

    /** With a command for the next decision. */
    public Overrides offered(OperatorCommand command) {
        List<OperatorCommand> next = new ArrayList<>(waiting);
        next.add(command);
        return edit().waiting(next).build();
    }

    /** With exactly these commands for the next decision, and none known by its id. */
    public Overrides waitingFor(List<OperatorCommand> commands) {
        return edit().waiting(commands).knowingNone().build();
    }

    /** A plan was made that returns to the mixture wanted. */
    public Overrides rolledBack(String plan) {
        return edit().rollback(
                        rollback.map(
                                wanted ->
                                        new Rollback(
                                                wanted.command(),
                                                wanted.mixture(),
                                                Optional.of(plan))))
                .build();
    }

    /**
     * The plans without an answer come to nothing: was a rollback among them, it is to be done
     * again.
     */
    public Overrides refused(List<String> plans) {
        boolean lost = rollback.flatMap(Rollback::plan).filter(plans::contains).isPresent();
        return lost
                ? edit().rollback(
                                rollback.map(
                                        wanted ->
                                                new Rollback(
                                                        wanted.command(),
                                                        wanted.mixture(),
                                                        Optional.empty())))
                        .build()
                : this;
    }

    /** A rollback whose plan waits for no answer any more is done. */
    Overrides settled(List<String> unanswered) {
        boolean done =
                rollback.flatMap(Rollback::plan)
                        .filter(made -> !unanswered.contains(made))
                        .isPresent();
        return done ? edit().rollback(Optional.empty()).build() : this;
    }

    /**
     * What of this still holds under a new declaration, which says itself by what to decide: groups
     * that were added or retired, pins and exclusions, of groups that it has, as far as they leave
     * a mixture, and a freeze. Groups that have no share where the attempt resumes come anew.
     *
     * @param inForce the mixture with which the attempt begins
     */
    public Overrides under(RunSpec declared, Mixture inForce) {
        OverridesEdit edit = edit().policy(Optional.empty()).rollback(Optional.empty());
        edit.membership = membership.under(declared);
        edit.pins.keySet().removeIf(group -> declared.groupIndex(group) < 0);
        edit.exclusions.keySet().removeIf(group -> declared.groupIndex(group) < 0);
        edit.returning.removeIf(group -> declared.groupIndex(group) < 0);
        edit.meet(inForce);
        if (!edit.build().fits(declared)) {
            edit.pins.clear();
        }
        if (!edit.build().fits(declared)) {
            edit.returning.addAll(edit.exclusions.keySet());
            edit.exclusions.clear();
        }
        if (!edit.build().fits(declared)) {
            edit.membership = Membership.DECLARED;
        }
        Overrides next = edit.forgetUnused().build();
        List<String> ended = new ArrayList<>(dropped);
        for (Standing before : standing) {
            if (!next.standing().contains(before)) {
                ended.add(before.command());
            }
        }
        return next.edit().dropped(ended).memorySince(0).build();
    }

    /**
     * The same beside a mixture in force that may be another's, as of a controller that knew of
     * more commands: groups that have no share there, and that nothing keeps out, come anew.
     */
    public Overrides meeting(Mixture inForce) {
        OverridesEdit edit = edit();
        edit.meet(inForce);
        return edit.build();
    }

    /** Another policy rules: snapshots of rounds before this one hold memory of the last. */
    public Overrides withMemorySince(long round) {
        return edit().memorySince(round).build();
    }

    /** Rounds from this one on are taken again, under the policy that rules now. */
    public Overrides memoryFrom(long round) {
        return edit().memorySince(Math.min(memorySince, round)).build();
    }

    /** Whether some mixture obeys all of this. */
    boolean fits(RunSpec declared) {
        try {
            box(ruling(declared));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    OverridesEdit edit() {
        return new OverridesEdit(this);
    }
}
