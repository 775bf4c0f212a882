package io.sluice.bridge.pool;

import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import io.sluice.schemas.DocumentsRemoved;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** A topic of documents in memory, with one partition. */
public final class TestingDocuments {

    public static final String CATALOG = "books";

    private static final Contract CONTRACT = new Contract();

    private final List<PoolRecord> topic = new ArrayList<>();

    /** A document of the catalog. */
    public static AdmittedDocument document(String group, String id, String text) {
        return builder(group, id, text).build();
    }

    static AdmittedDocument.Builder builder(String group, String id, String text) {
        return AdmittedDocument.newBuilder()
                .setId(id)
                .setCatalog(CATALOG)
                .setGroup(group)
                .setSource("feed")
                .setText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .setTokens(text.length() / 4);
    }

    public static DocumentsRemoved removal(String group, String id, String source) {
        return DocumentsRemoved.newBuilder()
                .setCatalog(CATALOG)
                .setGroup(group)
                .setDocumentId(id)
                .setSource(source)
                .build();
    }

    /** The wire form of a record. */
    public static byte[] encode(SpecificRecord record) {
        return CONTRACT.encode(record);
    }

    PoolRecord append(byte[] value) {
        topic.add(new PoolRecord(0, topic.size(), value));
        return topic.get(topic.size() - 1);
    }

    PoolRecord append(SpecificRecord record) {
        return append(encode(record));
    }

    /** Documents {@code group-0}, {@code group-1}, ... of so many bytes. */
    void append(String group, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            append(document(group, group + "-" + i, "x".repeat(bytes)));
        }
    }

    /** Fills a pool as a bridge does, with what it has not read yet. */
    void feed(DocumentPool pool) {
        do {
            long from = pool.begin(Set.of(0)).get(0);
            for (long offset = from; offset < topic.size(); offset += 7) {
                long end = Math.min(topic.size(), offset + 7);
                pool.take(topic.subList((int) offset, (int) end));
            }
        } while (pool.wantsEarlier());
    }
}
