package io.sluice.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Names records by what they say: SHA-256, in lower-case hexadecimal, of the record's Avro binary
 * form with its digest field empty, its groups and targets sorted by id and its options by name.
 * The form is that of the oldest schema that can say what the record says, so that a release which
 * adds a field does not rename the records that do not use it.
 */
public final class Digests {

    /** Held here so that Avro trusts our classes before a builder copies one. */
    private static final SpecificData DATA = AvroModel.DATA;

    private static final List<Schema> RUN_SPEC = versions(RunSpec.class);
    private static final List<Schema> MIXTURE_PLAN = versions(MixturePlan.class);

    private Digests() {}

    /** The digest of a declaration, whatever its digest field holds. */
    public static String of(RunSpec spec) {
        List<GroupDeclaration> groups = new ArrayList<>(spec.getGroups());
        groups.sort(Comparator.comparing(GroupDeclaration::getId));
        List<TargetDeclaration> targets = new ArrayList<>(spec.getTargets());
        targets.sort(Comparator.comparing(TargetDeclaration::getId));
        return sha256(
                RunSpec.newBuilder(spec)
                        .setGroups(groups)
                        .setTargets(targets)
                        .setPolicyOptions(new TreeMap<>(spec.getPolicyOptions()))
                        .setDigest("")
                        .build(),
                RUN_SPEC);
    }

    /** The digest of a plan, whatever its digest field holds. */
    public static String of(MixturePlan plan) {
        List<GroupWeight> weights = new ArrayList<>(plan.getWeights());
        weights.sort(Comparator.comparing(GroupWeight::getGroup));
        return sha256(
                MixturePlan.newBuilder(plan).setWeights(weights).setDigest("").build(),
                MIXTURE_PLAN);
    }

    /** Released versions of a record, oldest first, and the current one. */
    private static List<Schema> versions(Class<? extends SpecificRecordBase> type) {
        List<Schema> versions = new ArrayList<>(SchemaHistory.of(type.getSimpleName()));
        versions.add(DATA.getSchema(type));
        return List.copyOf(versions);
    }

    private static String sha256(SpecificRecordBase value, List<Schema> versions) {
        Schema form = OldestForm.of(value, versions, DATA);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<SpecificRecordBase>(form, DATA).write(value, encoder);
            encoder.flush();
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
