package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.core.domain.GroupId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scripted trainer must know of its run.
 *
 * @param id the run
 * @param seed seed of the draws
 * @param drawsPerStep micro-batches of a step
 * @param roundSteps steps of a round
 * @param leaseSteps steps that a lease is to have
 * @param sketchDimension length of a sketch
 * @param groups the groups, by id
 * @param targets the targets' ids
 */
record TrainerRun(
        String id,
        long seed,
        int drawsPerStep,
        int roundSteps,
        int leaseSteps,
        int sketchDimension,
        List<GroupId> groups,
        List<String> targets) {

    /** Reads the bridge's answer. */
    static TrainerRun of(JsonNode run) {
        List<GroupId> groups = new ArrayList<>();
        run.get("groups").forEach(group -> groups.add(new GroupId(group.get("id").asText())));
        List<String> targets = new ArrayList<>();
        run.get("targets").forEach(target -> targets.add(target.get("id").asText()));
        return new TrainerRun(
                run.get("run").asText(),
                run.get("seed").asLong(),
                run.get("draws_per_step").asInt(),
                run.get("rounds").get("steps").asInt(),
                run.get("lease_steps").asInt(),
                run.get("sketch").get("dimension").asInt(),
                List.copyOf(groups),
                List.copyOf(targets));
    }
}
