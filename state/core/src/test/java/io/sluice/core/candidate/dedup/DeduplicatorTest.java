package io.sluice.core.candidate.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.candidate.dedup.Finding.ExactDuplicate;
import io.sluice.core.candidate.dedup.Finding.NearDuplicate;
import io.sluice.core.candidate.dedup.Finding.Original;
import io.sluice.core.candidate.dedup.Finding.SameId;
import io.sluice.core.candidate.text.ContentHash;
import io.sluice.core.candidate.text.NormalisedText;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeduplicatorTest {

    private static final String TEXT =
            "It was the best of times, it was the worst of times, it was the age of wisdom";

    private final MinHasher hasher = new MinHasher(MinHashOptions.DEFAULT);
    private final InMemoryDedupStore store = new InMemoryDedupStore();
    private final Deduplicator deduplicator = new Deduplicator(store, MinHashOptions.DEFAULT);

    private record Document(String id, Position position, NormalisedText text) {}

    @Test
    void theFirstOfTwoEqualTextsSurvivesAndIsNamed() {
        assertThat(judge("a", 0, TEXT)).isEqualTo(new Original(false));
        assertThat(judge("b", 1, TEXT.toUpperCase())).isEqualTo(new ExactDuplicate("a"));
        assertThat(judge("c", 2, "something else altogether")).isEqualTo(new Original(false));
    }

    @Test
    void aTextWithFewEditsIsANearDuplicateOfTheSurvivor() {
        SplittableRandom random = new SplittableRandom(3);
        String[] words = Texts.words(random, 200);
        assertThat(judge("a", 0, String.join(" ", words))).isEqualTo(new Original(false));
        words[100] = "changed";
        assertThat(judge("b", 1, String.join(" ", words)))
                .isInstanceOfSatisfying(
                        NearDuplicate.class,
                        near -> {
                            assertThat(near.survivor()).isEqualTo("a");
                            assertThat(near.similarity()).isBetween(0.85, 1.0);
                        });
    }

    @Test
    void whatComesAgainFromTheSamePlaceSurvivesAgain() {
        judge("a", 0, TEXT);
        assertThat(judge("a", 0, TEXT)).isEqualTo(new Original(false));
    }

    @Test
    void anIdentifierIsTakenByItsFirstDocument() {
        judge("a", 5, TEXT);
        assertThat(judge("a", 9, "another text")).isEqualTo(new SameId(new Position(0, 5)));
        assertThat(judge("a", 9, TEXT)).isEqualTo(new SameId(new Position(0, 5)));
    }

    @Test
    void whatWasEmittedIsKnownAfterARestart() {
        Fingerprint text = fingerprint(TEXT);
        deduplicator.absorb(text, survivor("a", 3, text));
        assertThat(judge("a", 3, TEXT)).isEqualTo(new Original(true));
        assertThat(judge("b", 2, TEXT)).isEqualTo(new ExactDuplicate("a"));
    }

    @Test
    void absorbingTwiceOrWhatIsKnownChangesNothingElse() {
        judge("a", 3, TEXT);
        Fingerprint text = fingerprint(TEXT);
        deduplicator.absorb(text, survivor("a", 3, text));
        deduplicator.absorb(text, survivor("a", 3, text));
        assertThat(judge("a", 3, TEXT)).isEqualTo(new Original(true));
    }

    @Test
    void aDocumentByAddressIsComparedByItsAddress() {
        Fingerprint here = Fingerprint.ofAddress("s3://bucket/1");
        Fingerprint there = Fingerprint.ofAddress("s3://bucket/2");
        assertThat(deduplicator.judge(here, survivor("a", 0, here))).isEqualTo(new Original(false));
        assertThat(deduplicator.judge(here, survivor("b", 1, here)))
                .isEqualTo(new ExactDuplicate("a"));
        assertThat(deduplicator.judge(there, survivor("c", 2, there)))
                .isEqualTo(new Original(false));
    }

    @Test
    void aHashThatSharesSixtyFourBitsIsAnotherText() {
        Fingerprint one = fingerprint(TEXT);
        ContentHash clashing = new ContentHash(one.hash().high(), one.hash().low() + 1);
        Fingerprint other = new Fingerprint(clashing, new long[0], new byte[0]);
        assertThat(deduplicator.judge(one, survivor("a", 0, one))).isEqualTo(new Original(false));
        assertThat(deduplicator.judge(other, survivor("b", 1, other)))
                .isEqualTo(new Original(false));
        assertThat(deduplicator.judge(other, survivor("c", 2, other)))
                .isEqualTo(new ExactDuplicate("b"));
    }

    /** Wherever the job dies, and whatever it had emitted by then. */
    @Test
    void afterARestartTheSameDocumentsSurvive() {
        List<Document> stream = stream(600);
        InMemoryDedupStore undisturbed = new InMemoryDedupStore();
        List<String> expected = survivors(undisturbed, stream, new ArrayList<>());
        assertThat(expected).hasSizeBetween(150, 450);
        for (int death = 20; death < stream.size(); death += 58) {
            for (int snapshot : new int[] {0, death / 2, death - 5}) {
                InMemoryDedupStore restored = new InMemoryDedupStore();
                List<String> emitted =
                        survivors(restored, stream.subList(0, snapshot), new ArrayList<>());
                List<String> before =
                        survivors(
                                new InMemoryDedupStore(),
                                stream.subList(0, death),
                                new ArrayList<>());
                Deduplicator again = new Deduplicator(restored, MinHashOptions.DEFAULT);
                for (Document document : stream.subList(snapshot, death)) {
                    if (before.contains(document.id())) {
                        again.absorb(hasher.fingerprint(document.text()), survivor(document));
                    }
                }
                survivors(restored, stream.subList(snapshot, stream.size()), emitted);
                assertThat(emitted).isEqualTo(expected);
            }
        }
    }

    private List<String> survivors(
            InMemoryDedupStore into, List<Document> documents, List<String> survivors) {
        Deduplicator judge = new Deduplicator(into, MinHashOptions.DEFAULT);
        for (Document document : documents) {
            Finding finding = judge.judge(hasher.fingerprint(document.text()), survivor(document));
            if (finding instanceof Original) {
                survivors.add(document.id());
            }
        }
        return survivors;
    }

    /** Chains of documents, each a few edits from an earlier one. */
    private static List<Document> stream(int size) {
        SplittableRandom random = new SplittableRandom(11);
        List<String[]> texts = new ArrayList<>();
        List<Document> stream = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String[] words =
                    texts.isEmpty() || random.nextInt(3) == 0
                            ? Texts.words(random, 120)
                            : Texts.edited(
                                    texts.get(random.nextInt(texts.size())),
                                    random.nextInt(6),
                                    random);
            texts.add(words);
            stream.add(new Document("d" + i, new Position(0, i), Texts.text(words)));
        }
        return stream;
    }

    private Finding judge(String id, long offset, String text) {
        Fingerprint fingerprint = fingerprint(text);
        return deduplicator.judge(fingerprint, survivor(id, offset, fingerprint));
    }

    private Fingerprint fingerprint(String text) {
        return hasher.fingerprint(NormalisedText.of(text));
    }

    private Survivor survivor(Document document) {
        return Survivor.of(document.id(), document.position(), hasher.fingerprint(document.text()));
    }

    private static Survivor survivor(String id, long offset, Fingerprint fingerprint) {
        return Survivor.of(id, new Position(0, offset), fingerprint);
    }
}
