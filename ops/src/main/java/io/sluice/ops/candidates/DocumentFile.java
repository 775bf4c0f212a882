package io.sluice.ops.candidates;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.sluice.core.candidate.CandidateRules;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/**
 * Documents of a file: JSON Lines where its name ends in {@code .jsonl}, else text; packed with
 * gzip or zstd where {@code .gz} or {@code .zst} follows. Texts are handed on as the bytes they
 * are.
 */
public final class DocumentFile {

    /** More than a document may have, so that the job can say that it is too large. */
    private static final int MAX_TEXT = CandidateRules.MAX_TEXT + 1;

    private static final int MAX_LINE = 1024 * 1024;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final byte[] NEWLINE = {'\n'};
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final Split split;
    private final int mostText;
    private final String name;
    private long bytesRead;
    private long number;

    /**
     * @param file the file
     * @param split what a document is, where the file is text
     */
    public DocumentFile(Path file, Split split) {
        this(file, split, MAX_TEXT);
    }

    /**
     * @param mostText most bytes of a text that are handed on; what is longer is cut there
     */
    DocumentFile(Path file, Split split, int mostText) {
        this.file = file;
        this.split = split;
        this.mostText = mostText;
        this.name = plainName(file);
    }

    /**
     * A document as it stands in a file, or the reason why it cannot be sent.
     *
     * @param number its place in the file, from 1; lines count in JSON Lines
     * @param id its identifier; where it has none, the file's name, a number, and a checksum of the
     *     text or uri, so that files of the same name in other folders do not collide
     * @param source where it comes from; empty where it does not say
     * @param language its language; empty where it does not say
     * @param text its text's bytes
     * @param uri where its text is; empty where the text is here
     * @param tokens its tokens; 0 where nobody counted
     * @param fault why it cannot be sent
     */
    public record Item(
            long number,
            String id,
            String source,
            String language,
            byte[] text,
            String uri,
            long tokens,
            Optional<String> fault) {}

    /** Bytes read of the file as it lies on disk. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Hands on every document in order. */
    public void read(Consumer<Item> items) throws IOException {
        try (InputStream in = open()) {
            if (isJson()) {
                readJson(in, items);
            } else if (split == Split.FILE) {
                items.accept(text(in.readNBytes(mostText)));
            } else {
                readText(in, items);
            }
        }
    }

    private void readText(InputStream in, Consumer<Item> items) throws IOException {
        ByteLines lines = new ByteLines(in, mostText);
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            boolean blank = new String(line.get(), StandardCharsets.ISO_8859_1).isBlank();
            if (!blank) {
                if (document.size() > 0) {
                    append(document, NEWLINE);
                }
                append(document, line.get());
            }
            if (document.size() > 0 && (blank || split == Split.LINE)) {
                items.accept(text(document.toByteArray()));
                document.reset();
            }
        }
        if (document.size() > 0) {
            items.accept(text(document.toByteArray()));
        }
    }

    private void append(ByteArrayOutputStream document, byte[] bytes) {
        document.write(bytes, 0, Math.min(bytes.length, mostText - document.size()));
    }

    private void readJson(InputStream in, Consumer<Item> items) throws IOException {
        ByteLines lines = new ByteLines(in, MAX_LINE);
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            number++;
            if (lines.wasTooLong()) {
                items.accept(fault("the line is longer than " + MAX_LINE + " bytes"));
            } else {
                readJson(line.get(), items);
            }
        }
    }

    private void readJson(byte[] bytes, Consumer<Item> items) {
        String line;
        try {
            line = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            items.accept(fault("the line is not UTF-8"));
            return;
        }
        if (line.startsWith(BYTE_ORDER_MARK)) {
            line = line.substring(BYTE_ORDER_MARK.length());
        }
        if (!line.isBlank()) {
            items.accept(json(line));
        }
    }

    private Item json(String line) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return fault("the line is not JSON: " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            return fault("the line is not a JSON object with a field 'text' or 'uri'");
        }
        for (String field : new String[] {"id", "source", "language", "text", "uri"}) {
            if (node.has(field) && !node.get(field).isTextual()) {
                return fault("its field '" + field + "' is not a string");
            }
        }
        if (node.has("tokens") && !node.get("tokens").canConvertToLong()) {
            return fault("its field 'tokens' is not a whole number");
        }
        byte[] text = node.path("text").asText("").getBytes(StandardCharsets.UTF_8);
        String uri = node.path("uri").asText("");
        byte[] content = text.length > 0 ? text : uri.getBytes(StandardCharsets.UTF_8);
        return new Item(
                number,
                node.path("id").asText(id(content)),
                node.path("source").asText(""),
                node.path("language").asText(""),
                text,
                uri,
                node.path("tokens").asLong(0),
                Optional.empty());
    }

    private Item text(byte[] text) {
        number++;
        return new Item(number, id(text), "", "", text, "", 0, Optional.empty());
    }

    private String id(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return String.format("%s/%d-%08x", name, number, checksum.getValue());
    }

    private Item fault(String fault) {
        return new Item(
                number, name + '/' + number, "", "", new byte[0], "", 0, Optional.of(fault));
    }

    private boolean isJson() {
        return file.getFileName().toString().matches(".*\\.jsonl(\\.gz|\\.zst)?");
    }

    /** Why a file cannot be read, in words. */
    static String reason(IOException e) {
        return e instanceof EOFException ? "it ends too early" : e.toString();
    }

    /** The file's name as far as it may stand in an identifier. */
    static String plainName(Path file) {
        String plain =
                file.getFileName()
                        .toString()
                        .replaceAll("(\\.txt|\\.jsonl)?(\\.gz|\\.zst)?$", "")
                        .replaceAll("[^A-Za-z0-9._+-]", "_")
                        .replaceAll("^[._+-]+", "");
        String cut = plain.substring(0, Math.min(plain.length(), 100));
        return cut.isEmpty() ? "file" : cut;
    }

    private InputStream open() throws IOException {
        InputStream counted = new Counting(Files.newInputStream(file));
        InputStream buffered = new BufferedInputStream(counted, 1 << 16);
        String path = file.toString();
        if (path.endsWith(".gz")) {
            return new BufferedInputStream(new GZIPInputStream(buffered, 1 << 16), 1 << 16);
        }
        if (path.endsWith(".zst")) {
            return new BufferedInputStream(new ZstdInputStream(buffered), 1 << 16);
        }
        return buffered;
    }

    private final class Counting extends FilterInputStream {

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            bytesRead += Math.max(0, read);
            return read;
        }
    }
}
