package io.sluice.ops.run;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.TargetSpec;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a run file comes to, for people and programs to look at.
 *
 * @param run the run
 * @param mode {@code observe} or {@code control}
 * @param policy what moves the mixture
 * @param seed seed of the draws
 * @param drawsPerStep micro-batches of a step
 * @param roundSteps steps of a round
 * @param leadSteps steps between a round's end and its plan
 * @param warmUpSteps steps that decide nothing
 * @param groups the groups, by id
 * @param targets the targets, by id
 */
public record RunReport(
        String run,
        String mode,
        String policy,
        long seed,
        int drawsPerStep,
        int roundSteps,
        int leadSteps,
        long warmUpSteps,
        List<Group> groups,
        List<Target> targets) {

    /**
     * A group.
     *
     * @param share its share in the mixture that the run begins with, 0 while it is dormant
     * @param dormant whether it waits until it is added
     * @param floor least share
     * @param cap largest share
     * @param data where its data is
     */
    public record Group(
            String id, double share, boolean dormant, double floor, double cap, Data data) {}

    /**
     * A target.
     *
     * @param weight its share of all targets' weights
     * @param data where its data is
     */
    public record Target(String id, double weight, Data data) {}

    /**
     * Where data is.
     *
     * @param source {@code files}, {@code huggingface NAME}, {@code mosaicml PATH} or {@code none}
     * @param files how many files; none where they are not named one by one
     * @param bytes their size together
     */
    public record Data(String source, OptionalLong files, OptionalLong bytes) {

        private static Data of(Map<String, Object> data) {
            if (data.get(Key.FILES.key()) instanceof List<?> files) {
                long bytes = 0;
                for (Object file : files) {
                    bytes += size(Path.of(file.toString()));
                }
                return new Data("files", OptionalLong.of(files.size()), OptionalLong.of(bytes));
            }
            for (Key key : List.of(Key.HUGGINGFACE, Key.MOSAICML)) {
                if (data.containsKey(key.key())) {
                    return new Data(
                            key.key() + " " + data.get(key.key()),
                            OptionalLong.empty(),
                            OptionalLong.empty());
                }
            }
            return new Data("none", OptionalLong.empty(), OptionalLong.empty());
        }

        private static long size(Path file) {
            try {
                return Files.size(file);
            } catch (IOException e) {
                throw new UserException(file + " went away while it was looked at: try again", e);
            }
        }
    }

    /** Looks at the files of a run. */
    public static RunReport of(RunFile file) {
        return new RunReport(
                file.spec().runId(),
                file.spec().mode().name().toLowerCase(Locale.ROOT),
                file.spec().policy().name(),
                file.spec().seed(),
                file.drawsPerStep(),
                file.spec().rounds().steps(),
                file.spec().rounds().leadSteps(),
                file.spec().rounds().warmUpSteps(),
                IntStream.range(0, file.spec().groups().size())
                        .mapToObj(j -> group(j, file))
                        .toList(),
                file.spec().targets().stream().map(target -> target(target, file)).toList());
    }

    private static Group group(int j, RunFile file) {
        GroupSpec group = file.spec().groups().get(j);
        return new Group(
                group.id().value(),
                file.spec().prior().weight(j),
                group.dormant(),
                group.floor(),
                group.cap(),
                Data.of(file.data().groups().getOrDefault(group.id(), Map.of())));
    }

    private static Target target(TargetSpec target, RunFile file) {
        return new Target(
                target.id().value(),
                target.weight(),
                Data.of(file.data().targets().getOrDefault(target.id(), Map.of())));
    }
}
