package io.sluice.ops.bench.quality;

import java.util.List;

/**
 * Text in groups, with targets that are never trained on.
 *
 * @param name the corpus
 * @param digest changes with every byte of it
 * @param groups what can be trained on
 * @param targets what can be steered to and measured; one of them is {@link #HELD_OUT}
 */
record QualityCorpus(String name, String digest, List<Group> groups, List<Target> targets) {

    /** The target that stands for all groups that are not poor, in equal parts. */
    static final String HELD_OUT = "held_out";

    /**
     * A group.
     *
     * @param id its name
     * @param poor whether the manifest says that there is little to learn from it; it decides which
     *     regimes the group stands in, and is never shown to a policy
     * @param text documents separated by a line with one form feed
     */
    record Group(String id, boolean poor, byte[] text) {}

    /**
     * A target.
     *
     * @param id its name
     * @param dev text that gradients are taken on
     * @param test text that losses are measured on
     */
    record Target(String id, byte[] dev, byte[] test) {}

    QualityCorpus {
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
    }

    /** The targets beside {@link #HELD_OUT}. */
    List<String> specialTargets() {
        return targets.stream().map(Target::id).filter(id -> !id.equals(HELD_OUT)).toList();
    }
}
