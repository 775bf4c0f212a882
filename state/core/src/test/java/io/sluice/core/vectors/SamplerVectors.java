package io.sluice.core.vectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** {@link ExactSampler}: draws in full for short runs, their digest for long ones. */
final class SamplerVectors {

    /** Shares in whole parts, so that every language gets the same weights by one division. */
    private record Phase(long version, long firstStep, int... shares) {}

    private static final List<String> IDS =
            List.of("Z.9_x+y-z", "a", "code", "math/proofs", "web", "web/de", "web/en-US");

    private SamplerVectors() {}

    static void fill(ObjectNode file) {
        file.put(
                "doc",
                "A weight is share / sum of the shares. A draw is the place of its group. Where"
                        + " 'groups' is a number n, they are g00000, g00001, ... and the share of"
                        + " group j of the plan of version v is (7919 j + 104729 v) mod 1000."
                        + " sha256: of all draws from step 'from' to 'through', each as 4 bytes,"
                        + " little-endian.");
        ArrayNode cases = file.putArray("cases");
        for (int draws = 1; draws <= 16; draws++) {
            addDraws(
                    cases,
                    17L * draws - 100,
                    "run",
                    draws,
                    IDS,
                    12,
                    new Phase(0, 0, 1, 2, 3, 4, 5, 6, 7),
                    new Phase(3, 4, 1, 1, 1, 1, 1, 1, 1),
                    new Phase(4, 7, 0, 5, 0, 1, 900, 0, 94));
        }
        addDraws(cases, 5, "my/run-1", 3, List.of("only"), 3, new Phase(0, 0, 1));
        addDraws(cases, Long.MIN_VALUE, "r", 5, List.of("a", "b"), 20, new Phase(1, 0, 1, 999_999));
        addDraws(
                cases,
                Long.MAX_VALUE,
                "late",
                4,
                List.of("a", "b", "c"),
                1_000_010,
                new Phase(7, 1_000_000, 3, 1, 1));
        addDigest(cases, 42, "long", 8, 26, 125_000, 0, 10, 11, 5_000, 60_000, 100_001);
        addDigest(cases, 9, "wide", 8, 10_000, 60, 0, 33);
    }

    private static void addDraws(
            ArrayNode cases,
            long seed,
            String run,
            int drawsPerStep,
            List<String> ids,
            long steps,
            Phase... phases) {
        ObjectNode vector = describe(cases, seed, run, drawsPerStep);
        ids.forEach(vector.putArray("groups")::add);
        ArrayNode plans = vector.putArray("plans");
        List<SealedPlan> sealed = new ArrayList<>();
        for (Phase phase : phases) {
            ArrayNode shares =
                    plans.addObject()
                            .put("version", phase.version())
                            .put("first_step", phase.firstStep())
                            .putArray("shares");
            IntStream.of(phase.shares()).forEach(shares::add);
            sealed.add(plan(run, ids, phase));
        }
        ExactSampler sampler = new ExactSampler(seed, run, drawsPerStep);
        ArrayNode draws = vector.putArray("draws");
        for (long step = phases[0].firstStep(); step < steps; step++) {
            ArrayNode places = draws.addArray();
            for (GroupId group : sampler.draws(at(sealed, step), step)) {
                places.add(ids.indexOf(group.value()));
            }
        }
    }

    private static void addDigest(
            ArrayNode cases,
            long seed,
            String run,
            int drawsPerStep,
            int groups,
            long steps,
            long... firstSteps) {
        ObjectNode vector = describe(cases, seed, run, drawsPerStep).put("groups", groups);
        List<String> ids =
                IntStream.range(0, groups).mapToObj(j -> String.format("g%05d", j)).toList();
        ArrayNode plans = vector.putArray("plans");
        List<SealedPlan> sealed = new ArrayList<>();
        for (int v = 0; v < firstSteps.length; v++) {
            plans.addObject().put("version", v).put("first_step", firstSteps[v]);
            int version = v;
            int[] shares =
                    IntStream.range(0, groups)
                            .map(j -> (7_919 * j + 104_729 * version) % 1_000)
                            .toArray();
            sealed.add(plan(run, ids, new Phase(v, firstSteps[v], shares)));
        }
        ExactSampler sampler = new ExactSampler(seed, run, drawsPerStep);
        MessageDigest digest = sha256();
        ByteBuffer place = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (long step = firstSteps[0]; step < steps; step++) {
            for (GroupId group : sampler.draws(at(sealed, step), step)) {
                digest.update(
                        place.putInt(0, Integer.parseInt(group.value().substring(1))).array());
            }
        }
        vector.put("from", firstSteps[0])
                .put("through", steps - 1)
                .put("sha256", HexFormat.of().formatHex(digest.digest()));
    }

    private static ObjectNode describe(ArrayNode cases, long seed, String run, int drawsPerStep) {
        return cases.addObject()
                .put("seed", seed)
                .put("run", run)
                .put("draws_per_step", drawsPerStep);
    }

    private static SealedPlan at(List<SealedPlan> plans, long step) {
        SealedPlan holds = plans.get(0);
        for (SealedPlan plan : plans) {
            holds = plan.firstStep() <= step ? plan : holds;
        }
        return holds;
    }

    private static SealedPlan plan(String run, List<String> ids, Phase phase) {
        int sum = IntStream.of(phase.shares()).sum();
        double[] weights =
                IntStream.of(phase.shares()).mapToDouble(share -> (double) share / sum).toArray();
        Mixture mixture = Mixture.of(ids.stream().map(GroupId::new).toList(), weights);
        Plan plan =
                new Plan(
                        run,
                        1,
                        1,
                        "spec",
                        0,
                        phase.version(),
                        "",
                        phase.firstStep(),
                        mixture,
                        Plan.Label.POLICY,
                        "digest" + phase.version());
        return new SealedPlan(plan, phase.firstStep());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
