package io.sluice.flink.candidate;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.dedup.Fingerprint;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.score.DocumentScore;
import java.util.List;

/** What flows from validation over deduplication to admission. */
public sealed interface CandidateEvent {

    /** The catalog it is about. */
    String catalog();

    /** The group it is about; empty before deduplication knows it. */
    String group();

    /**
     * A document that obeys the rules.
     *
     * @param candidate the document
     * @param position where it stands in its topic
     * @param fingerprint its fingerprint
     * @param scores what the scorers of its text said
     * @param embedding the embedding that it brought; empty when it brought none, or after it was
     *     looked at
     * @param emitted whether it stands on the topic of admitted documents already
     */
    record Offered(
            Candidate candidate,
            Position position,
            Fingerprint fingerprint,
            List<DocumentScore> scores,
            float[] embedding,
            boolean emitted)
            implements CandidateEvent {

        /** What a document has that brought none. */
        public static final float[] NO_EMBEDDING = {};

        @Override
        public String catalog() {
            return candidate.catalog();
        }

        @Override
        public String group() {
            return candidate.group();
        }

        /** The same document, emitted or not. */
        public Offered withEmitted(boolean value) {
            return new Offered(candidate, position, fingerprint, scores, embedding, value);
        }

        /** The same document after its embedding was looked at, or nobody wanted to look. */
        public Offered withScores(List<DocumentScore> values) {
            return new Offered(candidate, position, fingerprint, values, NO_EMBEDDING, emitted);
        }
    }

    /**
     * Documents are to be removed.
     *
     * @param group the group they are to be removed from
     * @param documentId the document; empty where it is a source
     * @param source the source; empty where it is a document
     * @param by who asked for it
     * @param why why
     */
    record Removal(
            String catalog, String group, String documentId, String source, String by, String why)
            implements CandidateEvent {

        /** The same request to one group. */
        public Removal to(String toGroup) {
            return new Removal(catalog, toGroup, documentId, source, by, why);
        }
    }
}
