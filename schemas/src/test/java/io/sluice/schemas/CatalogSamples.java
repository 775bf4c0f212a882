package io.sluice.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Samples of what concerns catalogs and their documents. */
final class CatalogSamples {

    private static final String CATALOG = "web/2026-11";
    private static final String BY = "ana@example.org";

    private CatalogSamples() {}

    static CandidateDocument candidateDocument() {
        return CandidateDocument.newBuilder()
                .setId("cc-2026-44/00017/000291")
                .setCatalog(CATALOG)
                .setSource("cc-2026-44")
                .setGroup("pt")
                .setText(utf8("Era uma vez um rio que nascia ao p\u00e9 da serra."))
                .setUri("https://example.org/rio")
                .setTokens(13)
                .setLanguage("pt-PT")
                .setMetadata(new TreeMap<>(Map.of("crawled", "2026-11-02")))
                .setEmbedding(List.of(0.25f, -0.5f))
                .build();
    }

    static AdmittedDocument admittedDocument() {
        return AdmittedDocument.newBuilder()
                .setId("cc-2026-44/00017/000291")
                .setCatalog(CATALOG)
                .setGroup("pt")
                .setSource("cc-2026-44")
                .setWeight(1.25)
                .setScores(
                        List.of(
                                DocumentScore.newBuilder()
                                        .setScorer("repetition")
                                        .setVersion(1)
                                        .setValue(0.875)
                                        .build()))
                .setText(utf8("Era uma vez um rio que nascia ao p\u00e9 da serra."))
                .setUri("https://example.org/rio")
                .setTokens(13)
                .setLanguage("pt-PT")
                .setMetadata(new TreeMap<>(Map.of("crawled", "2026-11-02")))
                .setCandidatePartition(3)
                .setCandidateOffset(81_204)
                .build();
    }

    static DocumentsRemoved documentsRemoved() {
        return DocumentsRemoved.newBuilder()
                .setCatalog(CATALOG)
                .setGroup("pt")
                .setDocumentId("cc-2026-44/00017/000291")
                .setSource("cc-2026-44")
                .setDocuments(1)
                .setTokens(13)
                .setBy(BY)
                .setWhy("the author asked")
                .build();
    }

    static GroupSupply groupSupply() {
        return GroupSupply.newBuilder()
                .setCatalog(CATALOG)
                .setGroup("pt")
                .setVersion(91)
                .setDocuments(70)
                .setUniqueTokens(41_000)
                .setAdmitted(72)
                .setTurnedAway(17)
                .setRemoved(2)
                .setTokensPerSecond(68.5)
                .setScoreQuantiles(List.of(0.25, 0.75, 1.0))
                .build();
    }

    static CatalogGroup catalogGroup() {
        return CatalogGroup.newBuilder()
                .setCatalog(CATALOG)
                .setGroup("pt")
                .setState(CatalogGroupState.EXCLUDED)
                .setEmbeddingSize(384)
                .setBy(BY)
                .setWhy("licence under review")
                .build();
    }

    static CatalogRun catalogRun() {
        return CatalogRun.newBuilder()
                .setCatalog(CATALOG)
                .setRunId("pt-1b-2026-11")
                .setDraws(true)
                .setBy(BY)
                .setWhy("first run on this catalog")
                .build();
    }

    static RemovalRequest removalRequest() {
        return RemovalRequest.newBuilder()
                .setCatalog(CATALOG)
                .setDocumentId("cc-2026-44/00017/000291")
                .setSource("cc-2026-44")
                .setBy(BY)
                .setWhy("the author asked")
                .build();
    }

    static TargetFilter targetFilter() {
        return TargetFilter.newBuilder()
                .setCatalog(CATALOG)
                .setTarget("pt-exam")
                .setWords(13)
                .setPart(2)
                .setNgrams(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .build();
    }

    static TargetEmbedding targetEmbedding() {
        return TargetEmbedding.newBuilder()
                .setCatalog(CATALOG)
                .setTarget("pt-exam")
                .setModel("onnx-6ea94d8f890e")
                .setVector(List.of(0.6f, -0.8f))
                .setBy(BY)
                .build();
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
