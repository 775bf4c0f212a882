package io.sluice.djl;

import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.Subject;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file form of a {@link DjlCheckpoint}. Big-endian, as {@link DataOutputStream} writes; a
 * string is its length in bytes (16 bits) and modified UTF-8; "n times" is preceded by n (32 bits):
 *
 * <pre>
 * magic "SLUICEDJ" (8 bytes), format version 1 (int)
 * model: context, width, layers, heads, previousBytes (int each)
 * seed, updates, tokens (long each)
 * n times a tensor: name (string), size s (int), s weights, s means, s variances (float each)
 * n times a cursor: GROUP or TARGET (string), id (string), epoch (long), taken (int)
 * session: run id (string), next step, plan's first step (long each)
 * plan: run id (string), attempt, epoch (long each), spec digest (string), round, version (long
 *       each), replaces (string), effective step (long),
 *       n times a weight: group id (string), weight (double),
 *       label (string), digest (string)
 * CRC-32 of everything before it (long)
 * </pre>
 */
final class CheckpointFile {

    private static final long MAGIC = 0x534C55494345444AL;
    private static final int VERSION = 1;

    private CheckpointFile() {}

    /**
     * Writes a checkpoint so that the file is at every moment either the old one or the new one,
     * whole.
     *
     * @throws CheckpointException when it cannot be written
     */
    static void write(Path file, DjlCheckpoint checkpoint) {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            draft,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                write(Channels.newOutputStream(channel), checkpoint);
                channel.force(true);
            }
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + file + " cannot be written: " + e, e);
        }
    }

    /**
     * Reads a checkpoint.
     *
     * @throws CheckpointException when the file is missing, damaged, or of another format
     */
    static DjlCheckpoint read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (NoSuchFileException e) {
            throw new CheckpointException("checkpoint " + file + " is missing", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointException(
                    "checkpoint " + file + " cannot be used: " + e + "; take an older one", e);
        }
    }

    private static void write(OutputStream file, DjlCheckpoint checkpoint) throws IOException {
        CheckedOutputStream checked =
                new CheckedOutputStream(new BufferedOutputStream(file, 1 << 16), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        writeModel(out, checkpoint.model());
        out.writeLong(checkpoint.seed());
        out.writeLong(checkpoint.updates());
        out.writeLong(checkpoint.tokens());
        out.writeInt(checkpoint.weights().size());
        for (Map.Entry<String, float[]> tensor : checkpoint.weights().entrySet()) {
            out.writeUTF(tensor.getKey());
            out.writeInt(tensor.getValue().length);
            writeFloats(out, tensor.getValue());
            writeFloats(out, checkpoint.means().get(tensor.getKey()));
            writeFloats(out, checkpoint.variances().get(tensor.getKey()));
        }
        out.writeInt(checkpoint.cursors().size());
        for (Map.Entry<Subject, DjlCheckpoint.Cursor> entry : checkpoint.cursors().entrySet()) {
            out.writeUTF(entry.getKey().kind().name());
            out.writeUTF(entry.getKey().id());
            out.writeLong(entry.getValue().epoch());
            out.writeInt(entry.getValue().taken());
        }
        writeSession(out, checkpoint.session());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static DjlCheckpoint read(InputStream file) throws IOException {
        CheckedInputStream checked =
                new CheckedInputStream(new BufferedInputStream(file, 1 << 16), new CRC32());
        DataInputStream in = new DataInputStream(checked);
        if (in.readLong() != MAGIC) {
            throw new IOException("it is not a checkpoint of this trainer");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("format version " + version + " is not " + VERSION);
        }
        ModelConfig model = readModel(in);
        long seed = in.readLong();
        long updates = in.readLong();
        long tokens = in.readLong();
        Map<String, float[]> weights = new LinkedHashMap<>();
        Map<String, float[]> means = new LinkedHashMap<>();
        Map<String, float[]> variances = new LinkedHashMap<>();
        for (TensorSpec tensor : readTensorCount(in, model)) {
            String name = in.readUTF();
            int size = in.readInt();
            if (!name.equals(tensor.name()) || size != tensor.size()) {
                throw new IOException(
                        "tensor " + name + " of " + size + " is not the model's " + tensor);
            }
            weights.put(name, readFloats(in, size));
            means.put(name, readFloats(in, size));
            variances.put(name, readFloats(in, size));
        }
        Map<Subject, DjlCheckpoint.Cursor> cursors = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            Subject subject = new Subject(Subject.Kind.valueOf(in.readUTF()), in.readUTF());
            cursors.put(subject, new DjlCheckpoint.Cursor(in.readLong(), in.readInt()));
        }
        TrainerCheckpoint session = readSession(in);
        long expected = checked.getChecksum().getValue();
        if (in.readLong() != expected) {
            throw new IOException("its checksum is wrong");
        }
        return new DjlCheckpoint(
                model, seed, updates, tokens, weights, means, variances, cursors, session);
    }

    private static void writeModel(DataOutputStream out, ModelConfig model) throws IOException {
        out.writeInt(model.context());
        out.writeInt(model.width());
        out.writeInt(model.layers());
        out.writeInt(model.heads());
        out.writeInt(model.previousBytes());
    }

    private static ModelConfig readModel(DataInputStream in) throws IOException {
        return new ModelConfig(
                in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }

    private static List<TensorSpec> readTensorCount(DataInputStream in, ModelConfig model)
            throws IOException {
        int count = in.readInt();
        if (count != model.tensors().size()) {
            throw new IOException(count + " tensors, but the model has " + model.tensors().size());
        }
        return model.tensors();
    }

    private static void writeSession(DataOutputStream out, TrainerCheckpoint session)
            throws IOException {
        out.writeUTF(session.runId());
        out.writeLong(session.nextStep());
        out.writeLong(session.planFirstStep());
        Plan plan = session.plan();
        out.writeUTF(plan.runId());
        out.writeLong(plan.attempt());
        out.writeLong(plan.epoch());
        out.writeUTF(plan.specDigest());
        out.writeLong(plan.round());
        out.writeLong(plan.version());
        out.writeUTF(plan.replaces());
        out.writeLong(plan.effectiveStep());
        out.writeInt(plan.mixture().size());
        for (int j = 0; j < plan.mixture().size(); j++) {
            out.writeUTF(plan.mixture().groups().get(j).value());
            out.writeDouble(plan.mixture().weight(j));
        }
        out.writeUTF(plan.label().name());
        out.writeUTF(plan.digest());
    }

    private static TrainerCheckpoint readSession(DataInputStream in) throws IOException {
        String runId = in.readUTF();
        long nextStep = in.readLong();
        long planFirstStep = in.readLong();
        Plan plan =
                new Plan(
                        in.readUTF(),
                        in.readLong(),
                        in.readLong(),
                        in.readUTF(),
                        in.readLong(),
                        in.readLong(),
                        in.readUTF(),
                        in.readLong(),
                        readMixture(in),
                        Plan.Label.valueOf(in.readUTF()),
                        in.readUTF());
        return new TrainerCheckpoint(runId, nextStep, plan, planFirstStep);
    }

    private static Mixture readMixture(DataInputStream in) throws IOException {
        List<GroupId> groups = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            groups.add(new GroupId(in.readUTF()));
            weights.add(in.readDouble());
        }
        return Mixture.of(groups, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }

    private static float[] readFloats(DataInputStream in, int size) throws IOException {
        byte[] bytes = new byte[Float.BYTES * size];
        in.readFully(bytes);
        float[] values = new float[size];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }
}
