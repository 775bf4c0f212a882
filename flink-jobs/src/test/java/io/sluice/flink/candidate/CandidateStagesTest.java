package io.sluice.flink.candidate;

import static io.sluice.flink.candidate.CandidateStages.CATALOG;
import static io.sluice.flink.candidate.CandidateStages.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.core.candidate.CandidateRules;
import io.sluice.core.candidate.decontamination.Decontaminator;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.core.domain.Ids;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Decision;
import io.sluice.schemas.DocumentScore;
import io.sluice.schemas.DocumentsRemoved;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.GroupSupply;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RemovalRequest;
import io.sluice.schemas.TargetFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CandidateStagesTest {

    private CandidateStages stages;

    @BeforeEach
    void open() throws Exception {
        stages = new CandidateStages(Map.of());
        stages.announce("en", CatalogGroupState.ACTIVE);
    }

    @AfterEach
    void close() throws Exception {
        stages.close();
    }

    @Test
    void aDocumentIsAdmittedWithItsScoresAndItsPlace() throws Exception {
        stages.offer(7, document("a", "en", text(1)));
        assertThat(stages.admitted).hasSize(1);
        AdmittedDocument document = stages.admitted.get(0);
        assertThat(document.getId()).isEqualTo("a");
        assertThat(document.getGroup()).isEqualTo("en");
        assertThat(document.getCandidateOffset()).isEqualTo(7);
        assertThat(document.getWeight()).isEqualTo(1);
        assertThat(document.getScores())
                .extracting(DocumentScore::getScorer, DocumentScore::getVersion)
                .containsExactly(tuple("length", 1), tuple("repetition", 1), tuple("symbols", 1));
        assertThat(stages.rejected).isEmpty();
    }

    @Test
    void duplicatesAreTurnedAwayAndNameTheSurvivor() throws Exception {
        stages.offer(0, document("a", "en", text(1)));
        stages.offer(1, document("b", "en", text(1).toUpperCase()));
        stages.offer(2, document("c", "en", text(1).replace("word17 ", "")));
        stages.offer(3, document("a", "en", text(2)));
        stages.offer(4, document("d", "en", text(3)));
        assertThat(ids()).containsExactly("a", "d");
        assertThat(stages.rejected)
                .extracting(Rejected::getReason, Rejected::getOffset)
                .containsExactly(
                        tuple(RejectReason.EXACT_DUPLICATE, 1L),
                        tuple(RejectReason.NEAR_DUPLICATE, 2L),
                        tuple(RejectReason.REPEATED_ID, 3L));
        assertThat(stages.rejected.get(0).getMessage()).isEqualTo("text is that of document 'a'");
        assertThat(stages.rejected.get(1).getMessage())
                .startsWith("text resembles that of document 'a': Jaccard about 0.");
    }

    @Test
    void whatBreaksARuleIsTurnedAwayWithTheNameOfItsField() throws Exception {
        stages.offer(0, new byte[] {1, 2, 3});
        stages.offer(1, CandidateStages.CONTRACT.encode(new CatalogRun("c", "r", true, "", "")));
        stages.offer(2, document("a", "fr", text(1)));
        stages.offer(
                3,
                CandidateDocument.newBuilder(document("a", "en", text(1)))
                        .setCatalog("books")
                        .build());
        stages.offer(4, document("a", "en", "... !!! ..."));
        stages.offer(
                5,
                CandidateDocument.newBuilder(document("a", "en", text(1)))
                        .setEmbedding(List.of(1f, 2f))
                        .build());
        stages.offer(6, document("", "en", text(1)));
        assertThat(stages.admitted).isEmpty();
        assertThat(stages.rejected)
                .extracting(Rejected::getReason, r -> r.getMessage().split(" ")[0])
                .containsExactly(
                        tuple(RejectReason.UNDECODABLE, "not"),
                        tuple(RejectReason.WRONG_TOPIC, "CatalogRun"),
                        tuple(RejectReason.UNKNOWN_GROUP, "group"),
                        tuple(RejectReason.UNKNOWN_CATALOG, "catalog"),
                        tuple(RejectReason.NOT_TEXT, "text"),
                        tuple(RejectReason.WRONG_VECTOR, "embedding"),
                        tuple(RejectReason.MISSING_FIELD, "id"));
    }

    @Test
    void aGroupThatWasAnnouncedAMomentAgoIsKnown() throws Exception {
        stages.announce("pt", CatalogGroupState.ACTIVE);
        stages.offer(0, document("a", "pt", text(1)));
        assertThat(ids()).containsExactly("a");
    }

    @Test
    void anExcludedGroupTakesNothing() throws Exception {
        stages.announce("en", CatalogGroupState.EXCLUDED);
        stages.setTime(2_000);
        stages.offer(0, document("a", "en", text(1)));
        assertThat(stages.rejected)
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.EXCLUDED_GROUP);
    }

    @Test
    void withoutTheBrokerTheStagesGoOnWithWhatTheyKnow() throws Exception {
        stages.offer(0, document("a", "en", text(1)));
        stages.catalogs.setAway(true);
        stages.documents.setAway(true);
        stages.setTime(2_000);
        stages.offer(1, document("b", "en", text(2)));
        assertThat(ids()).containsExactly("a", "b");
    }

    @Test
    void aDocumentWithTextOfATargetIsKeptOut() throws Exception {
        long[] ngrams = Decontaminator.ngrams(NormalisedText.of(text(9)));
        ByteBuffer bytes = ByteBuffer.allocate(ngrams.length * Long.BYTES);
        bytes.asLongBuffer().put(ngrams);
        stages.catalogs.add(CATALOG, new TargetFilter(CATALOG, "exam", 13, 0, bytes));
        stages.setTime(2_000);
        stages.offer(0, document("a", "en", text(1) + text(9) + text(2)));
        stages.offer(1, document("b", "en", text(3)));
        assertThat(ids()).containsExactly("b");
        assertThat(stages.rejected.get(0).getReason()).isEqualTo(RejectReason.CONTAMINATED);
        assertThat(stages.rejected.get(0).getMessage()).contains("target 'exam'");
    }

    @Test
    void aRemovedDocumentAndARemovedSourceAreAuditedAndDoNotComeBack() throws Exception {
        stages.offer(0, document("a", "en", "crawl-1", text(1)));
        stages.offer(1, document("b", "en", "crawl-1", text(2)));
        stages.offer(2, document("c", "en", "crawl-2", text(3)));
        stages.request(new RemovalRequest(CATALOG, "a", "", "ana", "her own text"));
        stages.request(new RemovalRequest(CATALOG, "", "crawl-1", "bo", "licence"));
        stages.request(new RemovalRequest(CATALOG, "nobody", "", "ana", "?"));
        stages.offer(3, document("d", "en", "crawl-1", text(4)));
        stages.restart();
        stages.offer(4, document("a", "en", "crawl-2", text(1)));
        long tokens = stages.admitted.get(0).getTokens();
        assertThat(stages.others)
                .filteredOn(DocumentsRemoved.class::isInstance)
                .extracting(DocumentsRemoved.class::cast)
                .extracting(
                        DocumentsRemoved::getDocumentId,
                        DocumentsRemoved::getSource,
                        DocumentsRemoved::getDocuments,
                        DocumentsRemoved::getBy)
                .containsExactly(tuple("a", "", 1L, "ana"), tuple("", "crawl-1", 1L, "bo"));
        assertThat(stages.rejected)
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.REMOVED, RejectReason.REMOVED);
        assertThat(stages.rejected.get(0).getMessage()).contains("bo").contains("licence");
        assertThat(supply().getDocuments()).isEqualTo(1);
        assertThat(supply().getUniqueTokens()).isBetween(tokens - 5, tokens + 5);
        assertThat(supply().getRemoved()).isEqualTo(2);
    }

    @Test
    void aDocumentThatWentWithItsSourceIsNotRemovedTwice() throws Exception {
        stages.offer(0, document("a", "en", "crawl-1", text(1)));
        stages.offer(1, document("b", "en", "crawl-1", text(2)));
        stages.offer(2, document("c", "en", "crawl-2", text(3)));
        stages.request(new RemovalRequest(CATALOG, "", "crawl-1", "bo", "licence"));
        stages.request(new RemovalRequest(CATALOG, "a", "", "ana", "her own text"));
        assertThat(supply().getDocuments()).isEqualTo(1);
        assertThat(supply().getRemoved()).isEqualTo(2);
    }

    @Test
    void aRemovalThatOvertakesADocumentEmittedBeforeADeathStandsOnTheTopicToo() throws Exception {
        stages.dieAfter(
                () -> {
                    stages.offer(0, document("a", "en", "crawl-1", text(1)));
                    stages.offer(1, document("b", "en", "crawl-2", text(2)));
                });
        stages.request(new RemovalRequest(CATALOG, "a", "", "ana", "her own text"));
        stages.request(new RemovalRequest(CATALOG, "", "crawl-2", "bo", "licence"));
        stages.offer(0, document("a", "en", "crawl-1", text(1)));
        stages.offer(1, document("b", "en", "crawl-2", text(2)));
        assertThat(ids()).containsExactly("a", "b");
        assertThat(stages.rejected).isEmpty();
        assertThat(stages.others)
                .extracting(DocumentsRemoved.class::cast)
                .extracting(
                        DocumentsRemoved::getDocumentId,
                        DocumentsRemoved::getSource,
                        DocumentsRemoved::getDocuments,
                        DocumentsRemoved::getBy)
                .containsExactly(tuple("a", "", 1L, "ana"), tuple("", "crawl-2", 1L, "bo"));
        assertThat(supply().getDocuments()).isZero();
    }

    @Test
    void aFilterOfAsManyFullPartsAsAreAllowedFitsIntoOneSet() throws Exception {
        byte[] full = new byte[CatalogRecords.MAX_PART * Long.BYTES];
        for (int part = 0; part <= CatalogRecords.MAX_PARTS; part++) {
            stages.request(new TargetFilter(CATALOG, "exam", 13, part, ByteBuffer.wrap(full)));
        }
        stages.setTime(2_000);
        stages.offer(0, document("a", "en", text(1)));
        assertThat(ids()).containsExactly("a");
        assertThat(stages.rejected)
                .extracting(Rejected::getMessage)
                .containsExactly("part " + CatalogRecords.MAX_PARTS + " is not 0 to 138");
    }

    /** With its scores it is larger than it came, and the record it becomes has a limit too. */
    @Test
    void theLargestDocumentThatObeysTheRulesFitsIntoTheRecordItBecomes() throws Exception {
        String longest = "a".repeat(Ids.MAX_LENGTH);
        stages.announce(longest, CatalogGroupState.ACTIVE);
        Map<String, String> metadata =
                IntStream.range(0, 8)
                        .boxed()
                        .collect(Collectors.toMap(i -> "k" + i, i -> "\u20ac".repeat(1364)));
        // Seven letters and a space of eight bytes: no two words are the same.
        String text =
                IntStream.range(0, CandidateRules.MAX_TEXT / 8)
                        .mapToObj(i -> String.format("w%06d ", i))
                        .collect(Collectors.joining());
        CandidateDocument largest =
                CandidateDocument.newBuilder(document(longest, longest, longest, text))
                        .setUri("s3:" + "\u20ac".repeat(CandidateRules.MAX_URI - 3))
                        .setLanguage("en")
                        .setMetadata(metadata)
                        .build();
        stages.offer(0, largest);
        assertThat(ids()).containsExactly(longest);
        Map<String, String> more = new HashMap<>(metadata);
        more.put("k8", "x".repeat(100));
        stages.offer(1, CandidateDocument.newBuilder(largest).setMetadata(more).build());
        assertThat(stages.rejected)
                .extracting(Rejected::getMessage)
                .containsExactly("metadata has 32854 bytes: at most 32768");
    }

    @Test
    void requestsThatBreakARuleAreTurnedAway() throws Exception {
        stages.request(new byte[] {1});
        stages.request(
                CandidateStages.CONTRACT.encode(new RemovalRequest(CATALOG, "a", "s", "", "")));
        assertThat(stages.rejected)
                .extracting(Rejected::getReason, Rejected::getTopic)
                .containsExactly(
                        tuple(RejectReason.UNDECODABLE, "sluice.catalogs"),
                        tuple(RejectReason.INVALID_FIELD, "sluice.catalogs"));
    }

    @Test
    void supplyAddsUpToWhatWasAdmitted() throws Exception {
        for (int i = 0; i < 30; i++) {
            stages.offer(i, document("d" + i, "en", text(i % 20)));
        }
        assertThat(stages.admitted).hasSize(20);
        assertThat(stages.rejected).hasSize(10);
        assertThat(supply().getDocuments()).isEqualTo(20);
        assertThat(supply().getUniqueTokens())
                .isEqualTo(stages.admitted.stream().mapToLong(AdmittedDocument::getTokens).sum());
        assertThat(supply().getTokensPerSecond()).isPositive();
        assertThat(supply().getScoreQuantiles()).hasSize(3);
    }

    @Test
    void aGroupIsFullAtItsShareOfThePlanAndFillsUpWhenThePlanGrows() throws Exception {
        try (CandidateStages small =
                new CandidateStages(Map.of("wanted-tokens", 2_000.0, "keep-share", 1.0))) {
            small.announce("en", CatalogGroupState.ACTIVE);
            small.catalogs.add(CATALOG, new CatalogRun(CATALOG, "run", true, "", ""));
            small.plans.add("run", plan(1, 0.5));
            small.setTime(5_000);
            for (int i = 0; i < 20; i++) {
                small.offer(i, document("d" + i, "en", text(i)));
            }
            int before = small.admitted.size();
            assertThat(before).isBetween(5, 15);
            assertThat(small.rejected)
                    .extracting(Rejected::getReason)
                    .containsOnly(RejectReason.GROUP_FULL)
                    .hasSize(20 - before);
            small.plans.add("run", plan(2, 1.0));
            small.setTime(10_000);
            small.offer(20, document("d20", "en", text(20)));
            assertThat(small.admitted).hasSize(before + 1);
        }
    }

    @Test
    void aGroupThatARunDrawsTakesMoreAndOneThatItDoesNotDrawTakesLess() throws Exception {
        try (CandidateStages small =
                new CandidateStages(Map.of("wanted-tokens", 2_000.0, "keep-share", 1.0))) {
            small.announce("en", CatalogGroupState.ACTIVE);
            small.catalogs.add(CATALOG, new CatalogRun(CATALOG, "run", true, "", ""));
            small.plans.add("run", plan(1, 0.5));
            small.setTime(5_000);
            for (int i = 0; i < 20; i++) {
                small.offer(i, document("d" + i, "en", text(i)));
            }
            long held = small.admitted.stream().mapToLong(AdmittedDocument::getTokens).sum();
            assertThat(held).isGreaterThanOrEqualTo(1_000);
            int before = small.admitted.size();
            small.decisions.add("run", decision(0));
            small.setTime(10_000);
            small.offer(20, document("d20", "en", text(20)));
            assertThat(small.admitted).hasSize(before);
            small.decisions.add("run", decision(900));
            small.setTime(15_000);
            small.offer(21, document("d21", "en", text(21)));
            assertThat(small.admitted).hasSize(before + 1);
            // All that is wanted was drawn.
            small.decisions.add("run", decision(2_000));
            small.setTime(20_000);
            small.offer(22, document("d22", "en", text(22)));
            assertThat(small.admitted).hasSize(before + 1);
        }
    }

    @Test
    void whatHasNoScoreToSpeakOfIsRejectedHoweverEmptyItsGroup() throws Exception {
        try (CandidateStages strict = new CandidateStages(Map.of("least-score", 0.999))) {
            strict.announce("en", CatalogGroupState.ACTIVE);
            strict.offer(0, document("d0", "en", "too short to be good"));
            assertThat(strict.admitted).isEmpty();
            assertThat(strict.rejected.get(0).getReason()).isEqualTo(RejectReason.LOW_SCORE);
            assertThat(strict.rejected.get(0).getMessage())
                    .endsWith("and no group takes less than 0.999");
        }
    }

    private static Decision decision(long drawn) {
        return Decision.newBuilder()
                .setRunId("run")
                .setGroups(List.of(GroupDecision.newBuilder().setIndex(0).build()))
                .setNews(List.of(new GroupNews(0, CatalogGroupState.ACTIVE, 1L, 1L, drawn)))
                .build();
    }

    /**
     * Wherever the job dies: what was emitted stays, what was judged since the snapshot does not.
     */
    @Test
    void afterDeathsTheAdmittedDocumentsAreThoseOfAnUndisturbedRunAndNoneTwice() throws Exception {
        Map<String, Double> picky =
                Map.of(
                        "wanted-tokens", 2e6,
                        "warm-up-documents", 10.0,
                        "keep-share", 0.2);
        List<CandidateDocument> stream = stream(260);
        List<String> expected;
        try (CandidateStages undisturbed = new CandidateStages(picky)) {
            undisturbed.announce("en", CatalogGroupState.ACTIVE);
            offer(undisturbed, stream, 0, stream.size());
            expected = undisturbed.admitted.stream().map(AdmittedDocument::getId).toList();
            assertThat(expected.size() + undisturbed.rejected.size()).isEqualTo(stream.size());
            assertThat(undisturbed.rejected)
                    .extracting(Rejected::getReason)
                    .contains(RejectReason.LOW_SCORE, RejectReason.NEAR_DUPLICATE);
        }
        try (CandidateStages killed = new CandidateStages(picky)) {
            killed.announce("en", CatalogGroupState.ACTIVE);
            int snapshot = 0;
            for (int death : new int[] {40, 41, 130, 220}) {
                int from = snapshot;
                killed.dieAfter(() -> offer(killed, stream, from, death));
                snapshot = Math.max(from, death - 25);
                offer(killed, stream, from, snapshot);
            }
            offer(killed, stream, snapshot, stream.size());
            assertThat(killed.admitted.stream().map(AdmittedDocument::getId).toList())
                    .isEqualTo(expected);
            killed.setTime(100_000);
            GroupSupply supply = (GroupSupply) killed.others.get(killed.others.size() - 1);
            assertThat(supply.getAdmitted()).isEqualTo(expected.size());
        }
    }

    /** Documents of differing quality, a third of them a few words from an earlier one. */
    private static List<CandidateDocument> stream(int size) {
        SplittableRandom random = new SplittableRandom(17);
        List<String> texts = new ArrayList<>();
        List<CandidateDocument> stream = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String text =
                    i > 10 && random.nextInt(3) == 0
                            ? texts.get(random.nextInt(i))
                                    .replace("word" + random.nextInt(60) + " ", "")
                            : text(i) + "again and again ".repeat(random.nextInt(12));
            texts.add(text);
            stream.add(document("d" + i, "en", text));
        }
        return stream;
    }

    private static void offer(
            CandidateStages stages, List<CandidateDocument> stream, int from, int to)
            throws Exception {
        for (int i = from; i < to; i++) {
            stages.offer(i, stream.get(i));
        }
    }

    private GroupSupply supply() throws Exception {
        stages.setTime(60_000);
        return stages.others.stream()
                .filter(GroupSupply.class::isInstance)
                .map(GroupSupply.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<String> ids() {
        return stages.admitted.stream().map(AdmittedDocument::getId).toList();
    }

    private static MixturePlan plan(long version, double weight) {
        return new MixturePlan(
                "run",
                1L,
                1L,
                "",
                1L,
                version,
                "",
                1L,
                List.of(new GroupWeight("en", weight)),
                PlanLabel.POLICY,
                "");
    }

    /** Sixty words, of which no three in a row are those of another number. */
    private static String text(int number) {
        return IntStream.range(0, 60)
                .mapToObj(i -> i % 3 == 0 ? "t" + number + "x" + i + " " : "word" + i + " ")
                .collect(Collectors.joining());
    }
}
