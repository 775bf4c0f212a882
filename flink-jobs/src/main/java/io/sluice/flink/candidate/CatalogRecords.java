package io.sluice.flink.candidate;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.decontamination.Decontaminator;
import io.sluice.core.candidate.decontamination.NgramSet;
import io.sluice.core.domain.Ids;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.RemovalRequest;
import io.sluice.schemas.TargetEmbedding;
import io.sluice.schemas.TargetFilter;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Reads what stands on the catalogs topic, and tells what obeys the rules there. */
public final class CatalogRecords {

    /** Most n-grams of one part of a filter. */
    public static final int MAX_PART = 30_000;

    /** Most parts of a filter: as many as one set holds when all are full. */
    public static final int MAX_PARTS = NgramSet.MOST / MAX_PART;

    private static final int MAX_EMBEDDING = 16_384;
    private static final int MAX_REMARK = 1024;

    private CatalogRecords() {}

    /**
     * A record of the contract.
     *
     * @throws CandidateException when the bytes are none
     */
    public static SpecificRecord decode(RawRecord raw, Contract contract)
            throws CandidateException {
        try {
            return contract.decode(raw.value());
        } catch (ContractException e) {
            boolean large = e.kind() == ContractException.Kind.TOO_LARGE;
            throw new CandidateException(
                    large ? Reason.TOO_LARGE : Reason.UNDECODABLE, e.getMessage());
        }
    }

    /**
     * A record that belongs on the catalogs topic and obeys its rules.
     *
     * @throws CandidateException when it does not; the message names the field
     */
    public static SpecificRecord read(RawRecord raw, Contract contract) throws CandidateException {
        SpecificRecord value = decode(raw, contract);
        check(value);
        return value;
    }

    /**
     * Checks a record for the catalogs topic.
     *
     * @throws CandidateException when it does not belong there, or breaks a rule; the message names
     *     the field
     */
    public static void check(SpecificRecord value) throws CandidateException {
        if (value instanceof CatalogGroup group) {
            id("catalog", group.getCatalog());
            id("group", group.getGroup());
            remarks(group.getBy(), group.getWhy());
            require(
                    group.getState() != CatalogGroupState.UNKNOWN,
                    "state is UNKNOWN: use ACTIVE, EXCLUDED or RETIRED");
            require(
                    group.getEmbeddingSize() >= 0 && group.getEmbeddingSize() <= MAX_EMBEDDING,
                    "embeddingSize " + group.getEmbeddingSize() + " is not 0 to " + MAX_EMBEDDING);
        } else if (value instanceof CatalogRun run) {
            id("catalog", run.getCatalog());
            id("runId", run.getRunId());
            remarks(run.getBy(), run.getWhy());
        } else if (value instanceof RemovalRequest request) {
            id("catalog", request.getCatalog());
            remarks(request.getBy(), request.getWhy());
            boolean document = !request.getDocumentId().isEmpty();
            require(
                    document == request.getSource().isEmpty(),
                    "documentId and source: name exactly one of them");
            id(
                    document ? "documentId" : "source",
                    document ? request.getDocumentId() : request.getSource());
        } else if (value instanceof TargetFilter filter) {
            id("catalog", filter.getCatalog());
            id("target", filter.getTarget());
            int bytes = filter.getNgrams().remaining();
            require(
                    filter.getWords() == Decontaminator.WORDS,
                    "words is " + filter.getWords() + ": use " + Decontaminator.WORDS);
            require(
                    filter.getPart() >= 0 && filter.getPart() < MAX_PARTS,
                    "part " + filter.getPart() + " is not 0 to " + (MAX_PARTS - 1));
            require(
                    bytes % Long.BYTES == 0 && bytes <= MAX_PART * Long.BYTES,
                    "ngrams has " + bytes + " bytes: use 8 for each of at most " + MAX_PART);
        } else if (value instanceof TargetEmbedding embedding) {
            check(embedding);
        } else {
            throw new CandidateException(
                    Reason.WRONG_TOPIC,
                    value.getClass().getSimpleName() + " does not belong on the topic of catalogs");
        }
    }

    private static void check(TargetEmbedding embedding) throws CandidateException {
        id("catalog", embedding.getCatalog());
        id("target", embedding.getTarget());
        id("model", embedding.getModel());
        remarks(embedding.getBy(), "");
        List<Float> vector = embedding.getVector();
        requireVector(
                vector.size() <= MAX_EMBEDDING,
                "vector has " + vector.size() + " numbers: at most " + MAX_EMBEDDING);
        boolean zero = !vector.isEmpty();
        for (int i = 0; i < vector.size(); i++) {
            requireVector(
                    Float.isFinite(vector.get(i)),
                    "vector[" + i + "] is " + vector.get(i) + ": every number must be finite");
            zero &= vector.get(i) == 0;
        }
        requireVector(!zero, "vector holds nothing but 0, which has no direction");
    }

    private static void requireVector(boolean holds, String message) throws CandidateException {
        if (!holds) {
            throw new CandidateException(Reason.WRONG_VECTOR, message);
        }
    }

    private static void id(String field, String value) throws CandidateException {
        require(Ids.isValid(value), field + " is not an identifier");
    }

    private static void remarks(String by, String why) throws CandidateException {
        require(by.length() <= MAX_REMARK, "by is longer than " + MAX_REMARK + " characters");
        require(why.length() <= MAX_REMARK, "why is longer than " + MAX_REMARK + " characters");
    }

    private static void require(boolean holds, String message) throws CandidateException {
        if (!holds) {
            throw new CandidateException(Reason.INVALID_FIELD, message);
        }
    }
}
