package io.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;

class DigestsTest {

    /**
     * Digests of the first stored samples, by which declarations and plans in topics are named. No
     * later release may change them.
     */
    private static final String RUN_SPEC =
            "f27daf7136bcb4f2c48ac21a444aab71c77e38cb27cb4ff0f15f9bb20a837eae";

    private static final String MIXTURE_PLAN =
            "2373b9336592dcc4d43d067ce016caae4f3e42a3b02109b3552f730956a1b3ee";

    private final RunSpec spec = Samples.runSpec();
    private final MixturePlan plan = Samples.mixturePlan();

    @Test
    void theStoredSamplesKeepTheirDigests() {
        RunSpec storedSpec = (RunSpec) stored("RunSpec");
        MixturePlan storedPlan = (MixturePlan) stored("MixturePlan");
        String why = "the names of records that stand in topics have changed";
        assertThat(Digests.of(storedSpec)).as(why).isEqualTo(RUN_SPEC);
        assertThat(Digests.of(storedPlan)).as(why).isEqualTo(MIXTURE_PLAN);
        assertThat(storedSpec.getDigest()).isEqualTo(RUN_SPEC);
        assertThat(storedPlan.getDigest()).isEqualTo(MIXTURE_PLAN);
    }

    @Test
    void theOrderOfGroupsTargetsAndOptionsIsIrrelevant() {
        Map<String, Double> options = new LinkedHashMap<>();
        new TreeMap<>(spec.getPolicyOptions())
                .descendingMap()
                .forEach((name, value) -> options.put(name, value));
        RunSpec shuffled =
                RunSpec.newBuilder(spec)
                        .setGroups(reversed(spec.getGroups()))
                        .setTargets(reversed(spec.getTargets()))
                        .setPolicyOptions(options)
                        .build();
        assertThat(Digests.of(shuffled)).isEqualTo(Digests.of(spec));

        MixturePlan shuffledPlan =
                MixturePlan.newBuilder(plan).setWeights(reversed(plan.getWeights())).build();
        assertThat(Digests.of(shuffledPlan)).isEqualTo(Digests.of(plan));
    }

    @Test
    void theDigestFieldIsIrrelevantAndTheRecordIsLeftAsItWas() {
        RunSpec named = RunSpec.newBuilder(spec).setDigest("something else").build();
        RunSpec before = RunSpec.newBuilder(named).build();
        assertThat(Digests.of(named)).isEqualTo(Digests.of(spec));
        assertThat(named).isEqualTo(before);

        MixturePlan namedPlan = MixturePlan.newBuilder(plan).setDigest("").build();
        assertThat(Digests.of(namedPlan)).isEqualTo(Digests.of(plan));
    }

    @Test
    void everyOtherFieldMatters() {
        assertEveryFieldMatters(spec, value -> Digests.of((RunSpec) value));
        assertEveryFieldMatters(plan, value -> Digests.of((MixturePlan) value));
    }

    private interface Digest {
        String of(IndexedRecord value);
    }

    /** Sets each field in turn to its default, from which every sample is away, and back. */
    private static void assertEveryFieldMatters(IndexedRecord root, Digest digest) {
        Set<String> seen = new HashSet<>();
        seen.add(digest.of(root));
        forEachField(
                root,
                (name) -> {
                    if (!name.equals("digest")) {
                        assertThat(seen.add(digest.of(root))).as(name).isTrue();
                    }
                });
        assertThat(seen).hasSizeGreaterThan(root.getSchema().getFields().size() - 1);
    }

    private static void forEachField(IndexedRecord record, Consumer<String> whileChanged) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            record.put(field.pos(), AvroModel.DATA.getDefaultValue(field));
            whileChanged.accept(field.name());
            record.put(field.pos(), value);
            if (value instanceof Collection<?> items) {
                for (Object item : items) {
                    if (item instanceof IndexedRecord nested) {
                        forEachField(nested, whileChanged);
                    }
                }
            }
        }
    }

    private static <T> List<T> reversed(List<T> items) {
        List<T> reversed = new ArrayList<>(items);
        Collections.reverse(reversed);
        return reversed;
    }

    private static IndexedRecord stored(String name) {
        byte[] bytes = new StoredVersions.Version(name, 1, Contract.schemas().get(name)).bytes();
        return new Contract().decode(bytes);
    }
}
