package io.sluice.djl;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.TargetId;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a corpus consists of.
 *
 * @param name the corpus
 * @param groups text to train on, at least one
 * @param targets text whose loss the run should lower, at least one; never trained on
 */
public record CorpusManifest(String name, List<Group> groups, List<Target> targets) {

    private static final String REMEDY = "; restore it, or build the corpus again";

    /**
     * A group of training text.
     *
     * @param id the group
     * @param poor whether it is known to teach nothing; for reports, never for training
     * @param prior its share in the mixture that is trusted without evidence
     * @param text its text
     */
    public record Group(GroupId id, boolean poor, double prior, CorpusText text) {}

    /**
     * A target.
     *
     * @param id the target
     * @param weight its weight among the targets; 0 where its loss is only measured
     * @param dev text that gradients are taken on
     * @param test text that losses are measured on
     */
    public record Target(TargetId id, double weight, CorpusText dev, CorpusText test) {}

    public CorpusManifest {
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        requireDistinct(groups, Group::id);
        requireDistinct(targets, Target::id);
    }

    /**
     * Reads a manifest; the files it names are looked at when they are read, not here.
     *
     * @param manifest a JSON file; paths in it are relative to its folder
     * @throws CorpusException when the file is missing, is not JSON, or lacks a field
     */
    public static CorpusManifest read(Path manifest) {
        try (Reader reader = Files.newBufferedReader(manifest)) {
            JsonObject root = new Gson().fromJson(reader, JsonObject.class);
            if (root == null) {
                throw new CorpusException("corpus manifest " + manifest + " is empty" + REMEDY);
            }
            Path folder = manifest.toAbsolutePath().getParent();
            return new CorpusManifest(
                    field(root, "name").getAsString(),
                    list(root, "groups", item -> group(item, folder)),
                    list(root, "targets", item -> target(item, folder)));
        } catch (NoSuchFileException e) {
            throw new CorpusException("corpus manifest " + manifest + " is missing" + REMEDY, e);
        } catch (IOException e) {
            throw new CorpusException("corpus manifest " + manifest + " cannot be read: " + e, e);
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            // Gson tells of a wrong type by the last three, ids and this record by the second.
            throw new CorpusException(
                    "corpus manifest " + manifest + " is broken: " + e.getMessage() + REMEDY, e);
        }
    }

    /**
     * Reads every file once, so that a broken corpus is found before anything is started.
     *
     * @throws CorpusException when a file is missing, empty, or not the text that is promised
     */
    public void requireIntact() {
        groups.forEach(group -> group.text().read());
        for (Target target : targets) {
            target.dev().read();
            target.test().read();
        }
    }

    private static Group group(JsonObject item, Path folder) {
        return new Group(
                new GroupId(field(item, "id").getAsString()),
                field(item, "poor").getAsBoolean(),
                field(item, "prior").getAsDouble(),
                file(item, "file", "sha256", folder));
    }

    private static Target target(JsonObject item, Path folder) {
        return new Target(
                new TargetId(field(item, "id").getAsString()),
                field(item, "weight").getAsDouble(),
                file(item, "dev", "devSha256", folder),
                file(item, "test", "testSha256", folder));
    }

    private static CorpusFile file(JsonObject item, String path, String sha256, Path folder) {
        return new CorpusFile(
                folder.resolve(field(item, path).getAsString()), field(item, sha256).getAsString());
    }

    private static <T> List<T> list(JsonObject root, String name, Function<JsonObject, T> read) {
        JsonArray items = field(root, name).getAsJsonArray();
        if (items.isEmpty()) {
            throw new IllegalArgumentException("'" + name + "' is empty");
        }
        List<T> result = new ArrayList<>();
        for (JsonElement item : items) {
            result.add(read.apply(item.getAsJsonObject()));
        }
        return result;
    }

    private static JsonElement field(JsonObject object, String name) {
        JsonElement value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("field '" + name + "' is missing");
        }
        return value;
    }

    private static <T> void requireDistinct(List<T> items, Function<T, Object> id) {
        Set<Object> seen = new HashSet<>();
        for (T item : items) {
            if (!seen.add(id.apply(item))) {
                throw new IllegalArgumentException("'" + id.apply(item) + "' stands there twice");
            }
        }
    }
}
