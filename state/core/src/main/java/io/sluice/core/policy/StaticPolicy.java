package io.sluice.core.policy;

import java.util.Set;

/** Proposes the prior, always: the baseline that every other policy is measured against. */
public final class StaticPolicy implements MixingPolicy {

    static final String NAME = "static";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        return PolicyStep.stay(snapshot.spec().prior(), memory);
    }
}
