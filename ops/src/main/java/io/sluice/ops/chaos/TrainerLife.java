package io.sluice.ops.chaos;

import io.sluice.ops.chaos.TrainerLog.Fact;
import io.sluice.schemas.SubjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a scripted trainer said of one life.
 *
 * @param attempt the attempt it was; empty when it never heard
 * @param steps its steps
 * @param follower versions by step that rank 1 heard
 * @param measured what it measured
 * @param errors what went wrong in its training loop
 */
record TrainerLife(
        Optional<Long> attempt,
        List<Step> steps,
        List<Step> follower,
        List<Measured> measured,
        List<String> errors) {

    /** A step with the version it used, and the nanoseconds that Sluice took of it. */
    record Step(long step, long version, long nanos) {}

    /** Tokens of a group or target in one half of a round. */
    record Measured(long round, SubjectKind kind, String subject, int part, long tokens) {}

    /** Reads a log. */
    static TrainerLife of(List<Fact> facts) {
        Optional<Long> attempt = Optional.empty();
        List<Step> steps = new ArrayList<>();
        List<Step> follower = new ArrayList<>();
        List<Measured> measured = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (Fact fact : facts) {
            switch (fact.name()) {
                case "attempt" -> attempt = Optional.of(fact.number(0));
                case "step" -> steps.add(new Step(fact.number(0), fact.number(1), fact.number(2)));
                case "rank1" -> follower.add(new Step(fact.number(0), fact.number(1), 0));
                case "measured" ->
                        measured.add(
                                new Measured(
                                        fact.number(0),
                                        SubjectKind.valueOf(fact.words().get(1)),
                                        fact.words().get(2),
                                        (int) fact.number(3),
                                        fact.number(4)));
                case "error" -> errors.add(String.join(" ", fact.words()));
                default -> {
                    // For people.
                }
            }
        }
        return new TrainerLife(attempt, steps, follower, measured, errors);
    }
}
