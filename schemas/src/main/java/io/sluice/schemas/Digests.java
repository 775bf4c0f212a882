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
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Names records by what they say: SHA-256, in lower-case hexadecimal, of the record's Avro binary
 * form with its digest field empty, its groups and targets sorted by id and its options by name.
 */
public final class Digests {

    /** Held here so that Avro trusts our classes before a builder copies one. */
    private static final SpecificData DATA = AvroModel.DATA;

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
                        .build());
    }

    /** The digest of a plan, whatever its digest field holds. */
    public static String of(MixturePlan plan) {
        List<GroupWeight> weights = new ArrayList<>(plan.getWeights());
        weights.sort(Comparator.comparing(GroupWeight::getGroup));
        return sha256(MixturePlan.newBuilder(plan).setWeights(weights).setDigest("").build());
    }

    private static String sha256(SpecificRecordBase value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<SpecificRecordBase>(value.getSchema(), DATA)
                    .write(value, encoder);
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
