package io.sluice.ops.candidates;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.sluice.core.candidate.CandidateRules;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Split split;
    private final String name;
    private long bytesRead;
    private long number;

    /**
     * @param file the file
     * @param split what a document is, where the file is text
     */
    public DocumentFile(Path file, Split split) {
        this.file = file;
        this.split = split;
        this.name = plainName(file);
    }

    /**
     * A document as it stands in a file, or the reason why it cannot be sent.
     *
     * @param id its identifier; the file's name and a number where it has none
     * @param source where it comes from; empty where it does not say
     * @param language its language; empty where it does not say
     * @param text its text's bytes
     * @param uri where its text is; empty where the text is here
     * @param tokens its tokens; 0 where nobody counted
     * @param fault why it cannot be sent
     */
    public record Item(
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
                items.accept(text(in.readNBytes(MAX_TEXT)));
            } else {
                readText(in, items);
            }
        }
    }

    private void readText(InputStream in, Consumer<Item> items) throws IOException {
        ByteLines lines = new ByteLines(in, MAX_TEXT);
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            boolean blank = new String(line.get(), StandardCharsets.ISO_8859_1).isBlank();
            if (!blank) {
                int room = Math.max(0, MAX_TEXT - document.size());
                document.write(line.get(), 0, Math.min(room, line.get().length));
                document.write('\n');
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

    private void readJson(InputStream in, Consumer<Item> items) throws IOException {
        ByteLines lines = new ByteLines(in, MAX_LINE);
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            number++;
            if (lines.wasTooLong()) {
                items.accept(fault("the line is longer than " + MAX_LINE + " bytes"));
            } else if (line.get().length > 0) {
                items.accept(json(line.get()));
            }
        }
    }

    private Item json(byte[] line) throws IOException {
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
        return new Item(
                node.path("id").asText(name + '/' + number),
                node.path("source").asText(""),
                node.path("language").asText(""),
                node.path("text").asText("").getBytes(StandardCharsets.UTF_8),
                node.path("uri").asText(""),
                node.path("tokens").asLong(0),
                Optional.empty());
    }

    private Item text(byte[] text) {
        number++;
        return new Item(name + '/' + number, "", "", text, "", 0, Optional.empty());
    }

    private Item fault(String fault) {
        return new Item(name + '/' + number, "", "", new byte[0], "", 0, Optional.of(fault));
    }

    private boolean isJson() {
        return file.getFileName().toString().matches(".*\\.jsonl(\\.gz|\\.zst)?");
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
