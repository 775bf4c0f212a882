package io.sluice.core.candidate;

import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.domain.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Checks what a candidate says of itself. Every message names the field, and what is allowed. */
public final class CandidateRules {

    /** Most bytes of a text that stands in the record itself. */
    public static final int MAX_TEXT = 192 * 1024;

    /** Longest address of a text, in characters. */
    public static final int MAX_URI = 2048;

    /** Most tokens of a document. */
    public static final long MAX_TOKENS = 100_000_000;

    private static final int MAX_METADATA = 64;
    private static final int MAX_METADATA_VALUE = 4096;

    /** With the longest text and its scores, a document still fits into a record. */
    private static final int MAX_METADATA_BYTES = 32 * 1024;

    private static final int BYTES_PER_TOKEN = 4;
    private static final int MOST_CONTROLS = 100;

    private CandidateRules() {}

    /**
     * A candidate as it came.
     *
     * @param text its text's bytes; empty when it is only referred to
     * @param tokens its tokens; 0 when nobody counted
     * @param metadata what its owner wants to keep with it
     * @param embedding its embedding; empty when it has none
     */
    public record Fields(
            String id,
            String catalog,
            String group,
            String source,
            String language,
            byte[] text,
            String uri,
            long tokens,
            Map<String, String> metadata,
            float[] embedding) {}

    /**
     * The candidate that the fields describe.
     *
     * @throws CandidateException when a field breaks its rule
     */
    public static Candidate check(Fields fields) throws CandidateException {
        String id = identifier("id", fields.id());
        String catalog = identifier("catalog", fields.catalog());
        String group = identifier("group", fields.group());
        String source = identifier("source", fields.source());
        if (!isLanguage(fields.language())) {
            throw invalid("language", fields.language(), "a language tag such as en or pt-BR");
        }
        if (fields.tokens() < 0 || fields.tokens() > MAX_TOKENS) {
            throw invalid("tokens", Long.toString(fields.tokens()), "0 to " + MAX_TOKENS);
        }
        metadata(fields.metadata());
        embedding(fields.embedding());
        Optional<String> language = optional(fields.language());
        if (fields.text().length == 0) {
            String uri = uri(fields);
            return new Candidate(
                    id,
                    catalog,
                    group,
                    source,
                    language,
                    Optional.empty(),
                    Optional.of(uri),
                    fields.tokens(),
                    fields.metadata());
        }
        long estimate = Math.max(1, fields.text().length / BYTES_PER_TOKEN);
        return new Candidate(
                id,
                catalog,
                group,
                source,
                language,
                Optional.of(text(fields.text())),
                optional(fields.uri()),
                fields.tokens() > 0 ? tokens(fields) : estimate,
                fields.metadata());
    }

    /** Whether a value may be a document's language: a tag, or nothing. */
    public static boolean isLanguage(String value) {
        return value.isEmpty() || value.matches("[A-Za-z0-9-]{2,35}");
    }

    private static String identifier(String field, String value) throws CandidateException {
        if (value.isEmpty()) {
            throw new CandidateException(
                    Reason.MISSING_FIELD, field + " is empty: every candidate needs one");
        }
        if (!Ids.isValid(value)) {
            throw invalid(field, value, "1 to " + Ids.MAX_LENGTH + " letters, digits or . _ / + -");
        }
        return value;
    }

    private static String uri(Fields fields) throws CandidateException {
        if (fields.uri().isEmpty()) {
            throw new CandidateException(
                    Reason.MISSING_FIELD, "text and uri are both empty: give one of them");
        }
        if (fields.uri().length() > MAX_URI || !fields.uri().matches("[a-z][a-z0-9+.-]*:\\S+")) {
            throw invalid(
                    "uri",
                    fields.uri(),
                    "a scheme, a colon and at most " + MAX_URI + " characters");
        }
        if (fields.tokens() == 0) {
            throw new CandidateException(
                    Reason.MISSING_FIELD, "tokens is 0: a document by uri must say how many");
        }
        return fields.uri();
    }

    /** No tokeniser makes more than one token of a byte. */
    private static long tokens(Fields fields) throws CandidateException {
        if (fields.tokens() > fields.text().length) {
            throw invalid(
                    "tokens",
                    Long.toString(fields.tokens()),
                    "at most one for each of the text's " + fields.text().length + " bytes");
        }
        return fields.tokens();
    }

    private static String text(byte[] bytes) throws CandidateException {
        if (bytes.length > MAX_TEXT) {
            throw new CandidateException(
                    Reason.DOCUMENT_TOO_LARGE,
                    "text has "
                            + bytes.length
                            + " bytes: at most "
                            + MAX_TEXT
                            + "; split it, or give a uri");
        }
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
        } catch (CharacterCodingException e) {
            throw new CandidateException(
                    Reason.BAD_ENCODING, "text is not UTF-8 (" + e.getMessage() + ")");
        }
        long controls = controls(text);
        if (controls * MOST_CONTROLS > text.length()) {
            throw new CandidateException(
                    Reason.NOT_TEXT,
                    "text holds " + controls + " control characters: it looks binary");
        }
        return text;
    }

    private static long controls(String text) {
        long controls = 0;
        for (int i = 0; i < text.length(); i++) {
            controls += isControl(text.charAt(i)) ? 1 : 0;
        }
        return controls;
    }

    private static boolean isControl(int c) {
        return c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    }

    private static void metadata(Map<String, String> metadata) throws CandidateException {
        if (metadata.size() > MAX_METADATA) {
            throw new CandidateException(
                    Reason.INVALID_FIELD,
                    "metadata has " + metadata.size() + " entries: at most " + MAX_METADATA);
        }
        long bytes = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            if (entry.getKey().length() > Ids.MAX_LENGTH
                    || entry.getValue().length() > MAX_METADATA_VALUE) {
                throw invalid(
                        "metadata",
                        entry.getKey(),
                        "names of at most "
                                + Ids.MAX_LENGTH
                                + " characters and values of at most "
                                + MAX_METADATA_VALUE);
            }
            bytes += bytes(entry.getKey()) + bytes(entry.getValue());
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw new CandidateException(
                    Reason.INVALID_FIELD,
                    "metadata has " + bytes + " bytes: at most " + MAX_METADATA_BYTES);
        }
    }

    private static int bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void embedding(float[] embedding) throws CandidateException {
        for (int i = 0; i < embedding.length; i++) {
            if (!Float.isFinite(embedding[i])) {
                throw new CandidateException(
                        Reason.WRONG_VECTOR,
                        "embedding["
                                + i
                                + "] is "
                                + embedding[i]
                                + ": every number must be finite");
            }
        }
    }

    private static Optional<String> optional(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static CandidateException invalid(String field, String value, String allowed) {
        String shown = value.length() <= 64 ? value : value.substring(0, 64) + "...";
        return new CandidateException(
                Reason.INVALID_FIELD, field + " '" + shown + "' is not allowed: use " + allowed);
    }
}
