package io.sluice.flink.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.candidate.CandidateRules;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.TargetEmbedding;
import io.sluice.schemas.TargetFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What hostile or careless senders write: turned away with a reason that names the field. */
class BadInputTest {

    private static final byte[] TEXT = utf8("the quick brown fox jumps over the lazy dog");
    private static final byte[] NOTHING = {};

    @Test
    void everyBadDocumentIsOnTheRejectsTopicWithItsReasonAndItsField() throws Exception {
        try (CandidateStages stages = new CandidateStages(Map.of())) {
            stages.catalogs.add(
                    CandidateStages.CATALOG,
                    new CatalogGroup(
                            CandidateStages.CATALOG,
                            "en",
                            CatalogGroupState.ACTIVE,
                            2,
                            "test",
                            "for a test"));
            expect(stages, document("", TEXT), RejectReason.MISSING_FIELD, "id");
            expect(stages, document("a", NOTHING), RejectReason.MISSING_FIELD, "text and uri");
            expect(stages, document("a", utf8(" \n--! ")), RejectReason.NOT_TEXT, "text");
            expect(
                    stages,
                    document("a", new byte[CandidateRules.MAX_TEXT + 1]),
                    RejectReason.DOCUMENT_TOO_LARGE,
                    "text has 196609 bytes");
            byte[] gigantic =
                    Arrays.copyOf(CandidateStages.CONTRACT.encode(document("a", TEXT)), 300_000);
            expect(stages, gigantic, RejectReason.TOO_LARGE, "");
            expect(stages, document("a", binary()), RejectReason.NOT_TEXT, "text holds");
            expect(
                    stages,
                    document("a", "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1)),
                    RejectReason.BAD_ENCODING,
                    "text is not UTF-8");
            expect(stages, with(document("a", TEXT), d -> d.setTokens(44)), "tokens '44'");
            expect(stages, with(document("a", TEXT), d -> d.setTokens(-1)), "tokens '-1'");
            expect(stages, with(document("a", TEXT), d -> d.setLanguage("?")), "language '?'");
            expect(stages, with(document("a", TEXT), d -> d.setSource("a b")), "source 'a b'");
            expect(
                    stages,
                    with(document("a", TEXT), d -> d.setMetadata(Map.of("n", "x".repeat(5_000)))),
                    "metadata 'n'");
            expect(
                    stages,
                    with(document("a", TEXT), d -> d.setEmbedding(List.of(1f, 2f, 3f))),
                    RejectReason.WRONG_VECTOR,
                    "embedding has 3 numbers: group 'en' declares 2");
            expect(
                    stages,
                    with(document("a", TEXT), d -> d.setEmbedding(List.of(1f, Float.NaN))),
                    RejectReason.WRONG_VECTOR,
                    "embedding[1] is NaN");
            expect(
                    stages,
                    with(document("a", TEXT), d -> d.setGroup("fr")),
                    RejectReason.UNKNOWN_GROUP,
                    "group 'fr'");
            expect(
                    stages,
                    with(document("a", TEXT), d -> d.setCatalog("books")),
                    RejectReason.UNKNOWN_CATALOG,
                    "catalog 'books'");
            expect(stages, with(document("a", NOTHING), d -> d.setUri("nowhere")), "uri 'nowhere'");
            expect(
                    stages,
                    with(document("a", NOTHING), d -> d.setUri("s3://b/k")),
                    RejectReason.MISSING_FIELD,
                    "tokens is 0");
            assertThat(stages.admitted).isEmpty();
            offer(stages, document("a", TEXT));
            assertThat(stages.admitted).hasSize(1);
        }
    }

    /** The job reads no address: a dead one is found out by whoever draws the document. */
    @Test
    void anAddressIsTakenAsItIsDeclared() throws Exception {
        try (CandidateStages stages = new CandidateStages(Map.of())) {
            stages.announce("en", CatalogGroupState.ACTIVE);
            CandidateDocument dead =
                    with(
                            document("a", NOTHING),
                            d -> {
                                d.setUri("https://nowhere.invalid/gone");
                                d.setTokens(7);
                            });
            offer(stages, dead);
            assertThat(stages.admitted.get(0).getUri()).isEqualTo("https://nowhere.invalid/gone");
            assertThat(stages.admitted.get(0).getTokens()).isEqualTo(7);
        }
    }

    @Test
    void vectorsOfTargetsThatBreakARuleAreTurnedAway() throws Exception {
        try (CandidateStages stages = new CandidateStages(Map.of())) {
            stages.request(target("onnx-1", List.of(1f, Float.POSITIVE_INFINITY)));
            last(stages, RejectReason.WRONG_VECTOR, "vector[1] is Infinity");
            stages.request(target("onnx-1", List.of(0f, 0f)));
            last(stages, RejectReason.WRONG_VECTOR, "vector holds nothing but 0");
            stages.request(target("onnx-1", Collections.nCopies(16_385, 1f)));
            last(stages, RejectReason.WRONG_VECTOR, "vector has 16385 numbers");
            stages.request(target("", List.of(1f)));
            last(stages, RejectReason.INVALID_FIELD, "model");
            assertThat(stages.rejected).hasSize(4);
        }
    }

    @Test
    void whatAFilterHoldsBeyondTheMemoryForItIsRejected() throws Exception {
        try (CandidateStages stages = new CandidateStages(Map.of("filter-ngrams", 10.0))) {
            stages.announce("en", CatalogGroupState.ACTIVE);
            stages.catalogs.add(CandidateStages.CATALOG, filter(0, 8));
            stages.catalogs.add(CandidateStages.CATALOG, filter(1, 3));
            stages.setTime(5_000);
            offer(stages, document("a", TEXT));
            last(stages, RejectReason.TOO_LARGE, "ngrams: with part 1 of target 'exam'");
            assertThat(stages.admitted).hasSize(1);
            stages.catalogs.add(CandidateStages.CATALOG, filter(0, 2));
            stages.catalogs.add(CandidateStages.CATALOG, filter(1, 3));
            stages.setTime(10_000);
            offer(stages, document("b", utf8("words that nobody else has written so far")));
            assertThat(stages.rejected).hasSize(1);
        }
    }

    @Test
    void aRecordThatIsToBeSkippedIsRejectedUnread() throws Exception {
        CandidateOptions options =
                CandidateStages.options()
                        .withSkipped(Set.of("sluice.candidates:0:1", "sluice.catalogs:0:0"));
        try (CandidateStages stages = new CandidateStages(options)) {
            stages.announce("en", CatalogGroupState.ACTIVE);
            stages.offer(0, document("a", TEXT));
            stages.offer(1, document("b", utf8("words that nobody else has written so far")));
            last(stages, RejectReason.SKIPPED, "the job was told to skip it");
            stages.request(target("onnx-1", List.of(1f)));
            assertThat(stages.rejected)
                    .hasSize(2)
                    .allMatch(reject -> reject.getReason() == RejectReason.SKIPPED);
            assertThat(stages.admitted).hasSize(1);
        }
    }

    private static void expect(CandidateStages stages, CandidateDocument document, String field)
            throws Exception {
        expect(stages, document, RejectReason.INVALID_FIELD, field);
    }

    private static void expect(
            CandidateStages stages, CandidateDocument document, RejectReason reason, String field)
            throws Exception {
        expect(stages, CandidateStages.CONTRACT.encode(document), reason, field);
    }

    private static void expect(
            CandidateStages stages, byte[] value, RejectReason reason, String field)
            throws Exception {
        int before = stages.rejected.size();
        stages.offer(before, value);
        assertThat(stages.rejected).hasSize(before + 1);
        last(stages, reason, field);
        assertThat(stages.rejected.get(before).getOffset()).isEqualTo(before);
    }

    private static void last(CandidateStages stages, RejectReason reason, String field) {
        Rejected last = stages.rejected.get(stages.rejected.size() - 1);
        assertThat(last.getMessage()).startsWith(field);
        assertThat(last.getReason()).isEqualTo(reason);
    }

    private static void offer(CandidateStages stages, CandidateDocument document) throws Exception {
        stages.offer(1_000 + stages.admitted.size(), document);
    }

    private static CandidateDocument document(String id, byte[] text) {
        return with(CandidateStages.document(id, "en", ""), d -> d.setText(ByteBuffer.wrap(text)));
    }

    private interface Change {
        void on(CandidateDocument.Builder document);
    }

    private static CandidateDocument with(CandidateDocument document, Change change) {
        CandidateDocument.Builder builder = CandidateDocument.newBuilder(document);
        change.on(builder);
        return builder.build();
    }

    private static TargetEmbedding target(String model, List<Float> vector) {
        return new TargetEmbedding(CandidateStages.CATALOG, "exam", model, vector, "test");
    }

    private static TargetFilter filter(int part, int ngrams) {
        ByteBuffer bytes = ByteBuffer.allocate(ngrams * Long.BYTES);
        for (int i = 0; i < ngrams; i++) {
            bytes.putLong(i * Long.BYTES, i * 0x9E3779B97F4A7C15L + part + 1);
        }
        return new TargetFilter(CandidateStages.CATALOG, "exam", 13, part, bytes);
    }

    private static byte[] binary() {
        byte[] bytes = new byte[1_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 32);
        }
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
