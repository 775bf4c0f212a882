package io.sluice.ops.chaos;

import io.sluice.schemas.Seal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Invariant#I10}: both ranks used the same version at each step, and where a seal of the
 * attempt names the step, that one.
 */
final class RankCheck implements Oracle.Check {

    @Override
    public Finding check(Evidence evidence) {
        List<String> violations = new ArrayList<>();
        Map<Long, Map<Long, Long>> sealed = new HashMap<>();
        for (Entry<Seal> entry : evidence.history().seals()) {
            Seal seal = entry.value();
            Map<Long, Long> versions =
                    sealed.computeIfAbsent(seal.getAttempt(), absent -> new HashMap<>());
            for (long step = seal.getFromStep(); step <= seal.getThroughStep(); step++) {
                Long before = versions.putIfAbsent(step, seal.getVersion());
                if (before != null && before != seal.getVersion()) {
                    violations.add(
                            "step "
                                    + step
                                    + " of attempt "
                                    + seal.getAttempt()
                                    + " was sealed twice, with versions "
                                    + before
                                    + " and "
                                    + seal.getVersion());
                }
            }
        }
        long looked = 0;
        for (TrainerLife trainer : evidence.trainers()) {
            Map<Long, Long> seals =
                    trainer.attempt()
                            .map(attempt -> sealed.getOrDefault(attempt, Map.of()))
                            .orElse(Map.of());
            Map<Long, Long> used = new HashMap<>();
            for (TrainerLife.Step step : trainer.steps()) {
                used.put(step.step(), step.version());
                compare("rank 0", step, seals, trainer, violations);
            }
            for (TrainerLife.Step step : trainer.follower()) {
                compare("rank 1", step, seals, trainer, violations);
                looked += compare("rank 1", step, used, trainer, violations);
            }
        }
        return new Finding(Invariant.I10, looked, violations);
    }

    private static int compare(
            String rank,
            TrainerLife.Step step,
            Map<Long, Long> versions,
            TrainerLife trainer,
            List<String> violations) {
        Long version = versions.get(step.step());
        if (version != null && version != step.version()) {
            violations.add(
                    rank
                            + " used version "
                            + step.version()
                            + " at step "
                            + step.step()
                            + " of attempt "
                            + trainer.attempt()
                            + ", not "
                            + version);
        }
        return version == null ? 0 : 1;
    }
}
