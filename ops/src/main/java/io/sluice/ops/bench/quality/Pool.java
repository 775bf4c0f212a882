package io.sluice.ops.bench.quality;

import io.sluice.ops.bench.quality.QualityCorpus.Group;
import java.util.Arrays;
import java.util.List;

/** Which groups are mixed, and how much text each has. */
enum Pool {
    /** Groups that are not poor, whole. */
    USEFUL("useful"),
    /** All groups, whole. */
    ALL("all"),
    /** All groups, those that are not poor cut so that a uniform run reads them several times. */
    LIMITED("limited");

    /** How often a uniform run reads a cut group. */
    static final int EPOCHS_OF_A_CUT_GROUP = 4;

    private final String text;

    Pool(String text) {
        this.text = text;
    }

    /** The name that files of runs have. */
    String text() {
        return text;
    }

    /**
     * The groups.
     *
     * @param bytes bytes that a run trains on
     */
    List<Group> groups(QualityCorpus corpus, long bytes) {
        return switch (this) {
            case USEFUL -> corpus.groups().stream().filter(group -> !group.poor()).toList();
            case ALL -> corpus.groups();
            case LIMITED -> {
                long share = bytes / corpus.groups().size() / EPOCHS_OF_A_CUT_GROUP;
                yield corpus.groups().stream()
                        .map(group -> group.poor() ? group : cut(group, share))
                        .toList();
            }
        };
    }

    private static Group cut(Group group, long bytes) {
        int length = (int) Math.min(group.text().length, bytes);
        return new Group(group.id(), group.poor(), Arrays.copyOf(group.text(), length));
    }
}
