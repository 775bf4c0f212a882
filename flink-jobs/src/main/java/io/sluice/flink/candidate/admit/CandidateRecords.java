package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.admission.GroupStock;
import io.sluice.core.candidate.score.DocumentScore;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import io.sluice.schemas.DocumentsRemoved;
import io.sluice.schemas.GroupSupply;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts what admission decides into the contract's records. */
final class CandidateRecords {

    private final Contract contract;
    private final String documents;
    private final String supply;

    CandidateRecords(Contract contract, CandidateOptions options) {
        this.contract = contract;
        this.documents = options.name(Topic.DOCUMENTS);
        this.supply = options.name(Topic.SUPPLY);
    }

    OutboundRecord admitted(Offered offered, List<DocumentScore> scores, double weight) {
        Candidate candidate = offered.candidate();
        AdmittedDocument document =
                new AdmittedDocument(
                        candidate.id(),
                        candidate.catalog(),
                        candidate.group(),
                        candidate.source(),
                        weight,
                        scores.stream()
                                .map(
                                        score ->
                                                new io.sluice.schemas.DocumentScore(
                                                        score.scorer(),
                                                        score.version(),
                                                        score.value()))
                                .toList(),
                        ByteBuffer.wrap(
                                candidate.text().orElse("").getBytes(StandardCharsets.UTF_8)),
                        candidate.uri().orElse(""),
                        candidate.tokens(),
                        candidate.language().orElse(""),
                        candidate.metadata(),
                        offered.position().partition(),
                        offered.position().offset());
        return new OutboundRecord(
                documents,
                Topic.catalogKey(candidate.catalog(), candidate.group()),
                contract.encode(document));
    }

    OutboundRecord removed(Removal removal, long removedDocuments, long tokens) {
        return new OutboundRecord(
                documents,
                Topic.catalogKey(removal.catalog(), removal.group()),
                contract.encode(
                        new DocumentsRemoved(
                                removal.catalog(),
                                removal.group(),
                                removal.documentId(),
                                removal.source(),
                                removedDocuments,
                                tokens,
                                removal.by(),
                                removal.why())));
    }

    OutboundRecord supply(String catalog, String group, GroupStock stock, long nowMillis) {
        return new OutboundRecord(
                supply,
                Topic.catalogKey(catalog, group),
                contract.encode(
                        new GroupSupply(
                                catalog,
                                group,
                                stock.version(),
                                stock.documents(),
                                stock.tokens(),
                                stock.admitted(),
                                stock.turnedAway(),
                                stock.removed(),
                                stock.arrivals().at(nowMillis),
                                List.of(
                                        stock.scores().quantile(0.1),
                                        stock.scores().quantile(0.5),
                                        stock.scores().quantile(0.9)))));
    }
}
