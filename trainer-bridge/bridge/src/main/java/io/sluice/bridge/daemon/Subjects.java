package io.sluice.bridge.daemon;

import io.sluice.bridge.RoundReport.Half;
import io.sluice.bridge.RoundReport.HalfId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;

/** Finds subjects by their places in the run's lists, and refuses what cannot be. */
final class Subjects {

    private Subjects() {}

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Subject.Kind kind(String name) {
        return switch (Json.required(name, "kind")) {
            case "group" -> Subject.Kind.GROUP;
            case "target" -> Subject.Kind.TARGET;
            default -> throw new IllegalArgumentException("kind is group or target, not " + name);
        };
    }

    /**
     * One half of the subject at a place.
     *
     * @throws Refusal when the run has no such place, or a subject no such part
     */
    static HalfId half(RunSpec spec, Subject.Kind kind, long index, int part) {
        boolean group = kind == Subject.Kind.GROUP;
        int size = group ? spec.groups().size() : spec.targets().size();
        if (index < 0 || index >= size || part < 0 || part >= Signal.PARTS) {
            throw new Refusal(
                    Refusal.Code.BAD_SIGNAL,
                    "the run has no part "
                            + part
                            + " of "
                            + Json.lowerCase(kind.name())
                            + " "
                            + index);
        }
        Subject subject =
                group
                        ? Subject.of(spec.groups().get((int) index).id())
                        : Subject.of(spec.targets().get((int) index).id());
        return new HalfId(subject, part);
    }

    /**
     * The same signal, when the run's job would take it.
     *
     * @throws Refusal when it would not
     */
    static Half checked(Half half, RunSpec spec) {
        try {
            half.require(spec);
            return half;
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.BAD_SIGNAL, e.getMessage());
        }
    }
}
