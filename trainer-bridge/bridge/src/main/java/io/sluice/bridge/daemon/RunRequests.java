package io.sluice.bridge.daemon;

import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetSpec;
import java.util.List;
import java.util.Map;

/** What a trainer must know of the run. It never changes, so it is written once. */
final class RunRequests {

    private static final int PROTOCOL = 1;
    private static final int SKETCH_VERSION = 1;

    private record RunForm(
            int protocol,
            String run,
            String digest,
            String mode,
            long seed,
            int drawsPerStep,
            int leaseSteps,
            String catalog,
            RoundsForm rounds,
            SketchForm sketch,
            PolicyForm policy,
            List<GroupForm> groups,
            List<TargetForm> targets) {}

    private record RoundsForm(int steps, int leadSteps, long warmUpSteps) {}

    private record SketchForm(int version, int dimension, long seed) {}

    private record PolicyForm(String name, Map<String, Double> options) {}

    private record GroupForm(
            String id,
            double prior,
            double floor,
            double cap,
            boolean dormant,
            Map<String, Object> data) {}

    private record TargetForm(String id, double weight, Map<String, Object> data) {}

    private final Answer run;

    /**
     * @throws IllegalArgumentException when {@code data} names a group or target that the run does
     *     not have
     */
    RunRequests(RunSpec spec, BridgeOptions options, RunData data) {
        requireKnown(spec, data);
        run =
                Answer.ok(
                        new RunForm(
                                PROTOCOL,
                                spec.runId(),
                                spec.digest(),
                                Json.lowerCase(spec.mode().name()),
                                spec.seed(),
                                options.drawsPerStep(),
                                options.leaseSteps(),
                                options.pool().map(PoolOptions::catalog).orElse(null),
                                new RoundsForm(
                                        spec.rounds().steps(),
                                        spec.rounds().leadSteps(),
                                        spec.rounds().warmUpSteps()),
                                new SketchForm(
                                        SKETCH_VERSION,
                                        spec.sketch().dimension(),
                                        spec.sketch().seed()),
                                new PolicyForm(spec.policy().name(), spec.policy().options()),
                                spec.groups().stream().map(group -> form(group, data)).toList(),
                                spec.targets().stream()
                                        .map(target -> form(target, data))
                                        .toList()));
    }

    /** {@code GET /v1/run}. */
    Answer run(Request request) {
        return run;
    }

    private static GroupForm form(GroupSpec group, RunData data) {
        return new GroupForm(
                group.id().value(),
                group.prior(),
                group.floor(),
                group.cap(),
                group.dormant(),
                data.groups().getOrDefault(group.id(), Map.of()));
    }

    private static TargetForm form(TargetSpec target, RunData data) {
        return new TargetForm(
                target.id().value(),
                target.weight(),
                data.targets().getOrDefault(target.id(), Map.of()));
    }

    private static void requireKnown(RunSpec spec, RunData data) {
        data.groups()
                .keySet()
                .forEach(
                        group -> {
                            if (spec.groupIndex(group) < 0) {
                                throw new IllegalArgumentException(
                                        "data of group " + group + ", which the run does not have");
                            }
                        });
        data.targets()
                .keySet()
                .forEach(
                        target -> {
                            if (spec.targetIndex(target) < 0) {
                                throw new IllegalArgumentException(
                                        "data of target "
                                                + target
                                                + ", which the run does not have");
                            }
                        });
    }
}
