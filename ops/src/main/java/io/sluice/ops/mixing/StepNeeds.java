package io.sluice.ops.mixing;

import io.sluice.core.domain.TargetId;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.Need;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.ops.UserException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Refuses a step for which a file lacks what the policy needs, as the controller holds a round: the
 * mixture in force stays.
 */
final class StepNeeds {

    private StepNeeds() {}

    /**
     * Checks what is needed of groups. A policy that remembers losses or influences of earlier
     * steps may lack them in this one.
     *
     * @throws UserException when groups that lack something hold over half of the mixture
     */
    static void requireGroups(MixingPolicy policy, StepFile file) {
        RoundSnapshot seen = file.snapshot();
        boolean remembers = !file.memory().vectors().isEmpty();
        if (policy.needs().contains(Need.ALIGNMENTS)) {
            require(
                    policy,
                    file,
                    j -> seen.alignments().measured()[j],
                    "alignments",
                    "cosines with the targets");
        }
        Optional<RoundSnapshot.Geometry> geometry = seen.geometry();
        if (policy.needs().contains(Need.INFLUENCES) && geometry.isPresent() && !remembers) {
            require(
                    policy,
                    file,
                    j -> geometry.get().measured()[j],
                    "influences",
                    "influences on the targets");
        }
        if (policy.needs().contains(Need.GROUP_LOSSES) && !remembers) {
            require(
                    policy,
                    file,
                    j -> seen.losses().tokens()[j] > 0,
                    "loss",
                    "loss, and its tokens");
        }
    }

    /** Without the held-out loss of this target the policy proposes nothing. */
    static UserException missing(MixingPolicy policy, TargetId target) {
        return UserException.invalid(
                "field 'targets."
                        + target
                        + ".loss' is missing: policy "
                        + policy.name()
                        + " needs it, so write the held-out loss in nats per token, or choose another"
                        + " policy",
                null);
    }

    private static void require(
            MixingPolicy policy, StepFile file, IntPredicate has, String field, String words) {
        OptionalInt unknown = EvidenceGuard.heaviestOfTooMany(file.snapshot().inForce(), has);
        if (unknown.isPresent()) {
            throw UserException.invalid(
                    "field 'groups."
                            + file.spec().groups().get(unknown.getAsInt()).id()
                            + "."
                            + field
                            + "' is missing, as for over half of the mixture: policy "
                            + policy.name()
                            + " needs it, so write the group's "
                            + words
                            + ", or choose another policy",
                    null);
        }
    }
}
