package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.domain.GroupId;
import io.sluice.schemas.SubjectKind;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scripted trainer measured in one round: losses that fall slowly, each group's its own, and
 * gradients of which some point more to the target's than others.
 */
final class TrainerRound {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 2;
    private static final int DRAW_TOKENS = 512;
    private static final int DRAW_SEQUENCES = 8;
    private static final int TARGET_DRAWS = 2;
    private static final double FIRST_LOSS = 2;
    private static final double STEPS_TO_HALF = 20_000;
    private static final long NANOS = 1_000_000;

    private final TrainerRun run;
    private final long fromStep;
    private final SortedMap<Half, SortedMap<Long, Long>> drawn = new TreeMap<>();
    private long throughStep;

    /** One half of one group's draws. */
    private record Half(int group, int part) implements Comparable<Half> {

        @Override
        public int compareTo(Half other) {
            int byGroup = Integer.compare(group, other.group);
            return byGroup != 0 ? byGroup : Integer.compare(part, other.part);
        }
    }

    /**
     * @param fromStep its first step, or the first that the attempt takes of it
     */
    TrainerRound(TrainerRun run, long fromStep) {
        this.run = run;
        this.fromStep = fromStep;
    }

    /** Takes a step's draws. */
    void take(long step, long version, List<GroupId> draws) {
        for (int draw = 0; draw < draws.size(); draw++) {
            Half half = new Half(run.groups().indexOf(draws.get(draw)), draw % PARTS);
            drawn.computeIfAbsent(half, absent -> new TreeMap<>())
                    .merge(version, (long) DRAW_TOKENS, Long::sum);
        }
        throughStep = step;
    }

    /** Its number. */
    long number() {
        return throughStep / run.roundSteps();
    }

    /** Says in the trainer's log what was measured. */
    void tell(TrainerLog log) {
        drawn.forEach(
                (half, byVersion) ->
                        tell(
                                log,
                                SubjectKind.GROUP,
                                run.groups().get(half.group()).value(),
                                half.part(),
                                sum(byVersion)));
        for (String target : run.targets()) {
            for (int part = 0; part < PARTS; part++) {
                tell(log, SubjectKind.TARGET, target, part, TARGET_DRAWS * DRAW_TOKENS);
            }
        }
    }

    private void tell(TrainerLog log, SubjectKind kind, String subject, int part, long tokens) {
        log.write("measured", number(), kind, subject, part, tokens);
    }

    /** The body of {@code POST /v1/signals}. */
    byte[] signals(String session) {
        SignalBody body = new SignalBody(session, number(), run.sketchDimension());
        drawn.forEach(
                (half, byVersion) ->
                        body.add(
                                SubjectKind.GROUP,
                                half.group(),
                                half.part(),
                                measured(FIRST_LOSS + half.group(), sum(byVersion)),
                                byVersion));
        for (int target = 0; target < run.targets().size(); target++) {
            for (int part = 0; part < PARTS; part++) {
                body.add(
                        SubjectKind.TARGET,
                        target,
                        part,
                        measured(FIRST_LOSS, TARGET_DRAWS * DRAW_TOKENS),
                        new TreeMap<>());
            }
        }
        return body.bytes();
    }

    /** The body of {@code POST /v1/round}. */
    ObjectNode body(String session) {
        ObjectNode body = JSON.createObjectNode();
        body.put("session", session);
        body.put("round", number());
        body.put("from_step", fromStep);
        body.put("through_step", throughStep);
        body.put("learning_rate", 1e-3);
        body.put("nanos", NANOS);
        return body;
    }

    private SignalBody.Measured measured(double firstLoss, long tokens) {
        return new SignalBody.Measured(
                tokens,
                tokens / DRAW_TOKENS * DRAW_SEQUENCES,
                firstLoss / (1 + throughStep / STEPS_TO_HALF));
    }

    private static long sum(SortedMap<Long, Long> byVersion) {
        return byVersion.values().stream().mapToLong(Long::longValue).sum();
    }
}
