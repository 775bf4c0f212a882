package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.domain.GroupId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a scripted trainer measured in one round: losses that fall slowly, each group's its own. */
final class TrainerRound {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 2;
    private static final int DRAW_TOKENS = 512;
    private static final int DRAW_SEQUENCES = 8;
    private static final double FIRST_LOSS = 2;
    private static final double STEPS_TO_HALF = 20_000;
    private static final long NANOS = 1_000_000;

    private final TrainerRun run;
    private final long fromStep;
    private final SortedMap<Half, SortedMap<Long, Long>> tokens = new TreeMap<>();
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
            tokens.computeIfAbsent(half, absent -> new TreeMap<>())
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
        tokens.forEach(
                (half, byVersion) ->
                        log.write(
                                "measured",
                                number(),
                                run.groups().get(half.group()).value(),
                                half.part(),
                                sum(byVersion)));
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
        ArrayNode signals = body.putArray("signals");
        tokens.forEach((half, byVersion) -> add(signals.addObject(), half, byVersion));
        return body;
    }

    private void add(ObjectNode signal, Half half, SortedMap<Long, Long> byVersion) {
        long count = sum(byVersion);
        double loss = (FIRST_LOSS + half.group()) / (1 + throughStep / STEPS_TO_HALF);
        signal.put("kind", "group");
        signal.put("index", half.group());
        signal.put("part", half.part());
        signal.put("tokens", count);
        signal.put("sequences", count / DRAW_TOKENS * DRAW_SEQUENCES);
        signal.put("loss_sum", loss * count);
        signal.put("loss_square_sum", loss * loss * count);
        ArrayNode plans = signal.putArray("plans");
        for (Map.Entry<Long, Long> drawn : byVersion.entrySet()) {
            plans.addArray().add(drawn.getKey()).add(drawn.getValue());
        }
    }

    private static long sum(SortedMap<Long, Long> byVersion) {
        return byVersion.values().stream().mapToLong(Long::longValue).sum();
    }
}
