package io.sluice.ops.loop;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws documents from a bridge over its socket (docs/bridge-protocol.md). */
final class DocumentClient implements AutoCloseable {

    private static final int TEXTS = 4;

    private final SocketChannel channel;
    private final DataInputStream in;

    DocumentClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** Identifiers of the documents that are there from an occurrence on, and not repeated. */
    List<String> draw(String group, long from) throws IOException {
        String body =
                String.format(
                        "{\"group\": \"%s\", \"from\": %d, \"need\": 0, \"count\": 16}",
                        group, from);
        String head =
                "POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII)));
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            }
        }
        byte[] answer = in.readNBytes(length);
        if (!status.contains(" 200 ")) {
            throw new IOException(status + ": " + new String(answer, StandardCharsets.UTF_8));
        }
        return ids(ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static List<String> ids(ByteBuffer body) {
        body.getInt();
        int draws = body.getInt();
        body.getLong();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < draws; i++) {
            if (body.get() == 0 || body.getLong() != 0) {
                throw new IllegalStateException("a draw that was only wished for is a first one");
            }
            body.getLong();
            for (int text = 0; text < TEXTS; text++) {
                byte[] bytes = new byte[body.getInt()];
                body.get(bytes);
                if (text == 0) {
                    ids.add(new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
        return ids;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the bridge has closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
