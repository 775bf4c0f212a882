package io.sluice.core.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.CandidateRules.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CandidateRulesTest {

    private static final byte[] TEXT = "some text".getBytes(StandardCharsets.UTF_8);
    private static final float[] NONE = {};

    @Test
    void aTextWithoutACountOfTokensIsEstimated() throws CandidateException {
        Candidate candidate = CandidateRules.check(text(TEXT, 0));
        assertThat(candidate.text()).contains("some text");
        assertThat(candidate.tokens()).isEqualTo(2);
        assertThat(CandidateRules.check(text(TEXT, 3)).tokens()).isEqualTo(3);
    }

    @Test
    void everyFaultNamesItsField() {
        refused(fields("", "c", "g", "s", "", TEXT, "", 0), Reason.MISSING_FIELD, "id");
        refused(fields("a b", "c", "g", "s", "", TEXT, "", 0), Reason.INVALID_FIELD, "id 'a b'");
        refused(fields("a", "", "g", "s", "", TEXT, "", 0), Reason.MISSING_FIELD, "catalog");
        refused(fields("a", "c", "", "s", "", TEXT, "", 0), Reason.MISSING_FIELD, "group");
        refused(fields("a", "c", "g", "", "", TEXT, "", 0), Reason.MISSING_FIELD, "source");
        refused(fields("a", "c", "g", "s", "?", TEXT, "", 0), Reason.INVALID_FIELD, "language");
        refused(text(TEXT, -1), Reason.INVALID_FIELD, "tokens '-1'");
        refused(text(TEXT, 10), Reason.INVALID_FIELD, "tokens '10'");
        refused(text(new byte[0], 3), Reason.MISSING_FIELD, "text and uri");
    }

    @Test
    void aTextThatIsTooLargeBinaryOrWronglyEncodedIsRefused() {
        byte[] large = new byte[CandidateRules.MAX_TEXT + 1];
        Arrays.fill(large, (byte) 'a');
        refused(text(large, 0), Reason.DOCUMENT_TOO_LARGE, "text has 196609 bytes");
        refused(text(new byte[] {'a', (byte) 0xe9, 'b'}, 0), Reason.BAD_ENCODING, "text");
        refused(text(new byte[] {1, 2, 'a', 'b', 'c'}, 0), Reason.NOT_TEXT, "text holds 2");
    }

    @Test
    void aDocumentByAddressMustSayHowManyTokensItHas() throws CandidateException {
        byte[] nothing = {};
        refused(
                fields("a", "c", "g", "s", "", nothing, "s3://b/k", 0),
                Reason.MISSING_FIELD,
                "tokens");
        refused(
                fields("a", "c", "g", "s", "", nothing, "no address", 7),
                Reason.INVALID_FIELD,
                "uri");
        Candidate candidate =
                CandidateRules.check(fields("a", "c", "g", "s", "", nothing, "s3://b/k", 7));
        assertThat(candidate.uri()).contains("s3://b/k");
        assertThat(candidate.text()).isEmpty();
    }

    @Test
    void anEmbeddingThatIsNotFiniteIsRefusedByItsIndex() {
        float[] embedding = {1, Float.NaN};
        refused(
                new Fields("a", "c", "g", "s", "", TEXT, "", 0, Map.of(), embedding),
                Reason.WRONG_VECTOR,
                "embedding[1] is NaN");
    }

    @Test
    void metadataIsBounded() {
        String large = "x".repeat(4097);
        refused(
                new Fields("a", "c", "g", "s", "", TEXT, "", 0, Map.of("note", large), NONE),
                Reason.INVALID_FIELD,
                "metadata 'note'");
    }

    private static void refused(Fields fields, Reason reason, String message) {
        assertThatThrownBy(() -> CandidateRules.check(fields))
                .hasMessageStartingWith(message)
                .asInstanceOf(InstanceOfAssertFactories.type(CandidateException.class))
                .extracting(CandidateException::reason)
                .isEqualTo(reason);
    }

    private static Fields text(byte[] text, long tokens) {
        return fields("a", "c", "g", "s", "en", text, "", tokens);
    }

    private static Fields fields(
            String id,
            String catalog,
            String group,
            String source,
            String language,
            byte[] text,
            String uri,
            long tokens) {
        return new Fields(id, catalog, group, source, language, text, uri, tokens, Map.of(), NONE);
    }
}
