package io.sluice.bridge.daemon;

import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.bridge.pool.PooledDocument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Drawn documents as they go over the wire; {@code docs/bridge-protocol.md} has the bytes. */
final class DocumentForm {

    static final String CONTENT_TYPE = "application/vnd.sluice.documents";

    private static final byte[] MAGIC = {'S', 'L', 'D', '1'};
    private static final int HEADER_BYTES = 16;
    private static final int DRAW_BYTES = 9;
    private static final int DOCUMENT_BYTES = 24;
    private static final byte NOTHING = 0;
    private static final byte DOCUMENT = 1;

    /** A draw with its texts in UTF-8. */
    private record Encoded(DrawnDocument drawn, List<byte[]> texts) {

        static Encoded of(DrawnDocument drawn) {
            return new Encoded(drawn, drawn.document().map(Encoded::texts).orElse(List.of()));
        }

        private static List<byte[]> texts(PooledDocument document) {
            return List.of(
                    utf8(document.id()),
                    utf8(document.source()),
                    utf8(document.uri()),
                    document.text());
        }

        int bytes() {
            int own = texts.isEmpty() ? 0 : DOCUMENT_BYTES;
            return DRAW_BYTES + own + texts.stream().mapToInt(text -> text.length).sum();
        }
    }

    private DocumentForm() {}

    /** The body for draws from an occurrence on. */
    static byte[] encode(long from, List<DrawnDocument> drawn) {
        List<Encoded> entries = drawn.stream().map(Encoded::of).toList();
        ByteBuffer body =
                ByteBuffer.allocate(HEADER_BYTES + entries.stream().mapToInt(Encoded::bytes).sum())
                        .order(ByteOrder.LITTLE_ENDIAN);
        body.put(MAGIC).putInt(entries.size()).putLong(from);
        for (Encoded entry : entries) {
            body.put(entry.texts().isEmpty() ? NOTHING : DOCUMENT).putLong(entry.drawn().pass());
            entry.drawn().document().ifPresent(document -> body.putLong(document.tokens()));
            for (byte[] text : entry.texts()) {
                body.putInt(text.length).put(text);
            }
        }
        return body.array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
