package io.sluice.bridge.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks HTTP/1.1 over one connection, as plainly as it can be spoken. */
final class TestingClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10).flip();

    /** An answer. */
    record Reply(int status, Map<String, String> headers, byte[] bytes) {

        String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String code() {
            return json().path("error").path("code").asText();
        }

        boolean closes() {
            return "close".equals(headers.get("connection"));
        }
    }

    TestingClient(Path socket) {
        this(UnixDomainSocketAddress.of(socket));
    }

    TestingClient(int port) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    TestingClient(SocketAddress address) {
        try {
            channel = SocketChannel.open(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply get(String path) {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    Reply post(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    Reply post(String path, String contentType, byte[] body) {
        write(
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + contentType
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n");
        write(body);
        return read();
    }

    Reply ask(String request) {
        write(request);
        return read();
    }

    void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply read() {
        String[] lines = head().split("\r\n");
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        byte[] body = new byte[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        for (int i = 0; i < body.length; i++) {
            body[i] = next();
        }
        return new Reply(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    /** Waits until the other side has closed, whatever it still sends. */
    void awaitEnd() {
        try {
            while (channel.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (IOException e) {
            // Reset: closed as well.
        } finally {
            buffer.clear().flip();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String head() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            head.write(next());
        }
        return head.toString(StandardCharsets.UTF_8);
    }

    private byte next() {
        try {
            while (!buffer.hasRemaining()) {
                buffer.clear();
                int read = channel.read(buffer);
                buffer.flip();
                if (read < 0) {
                    throw new UncheckedIOException(new IOException("the daemon has closed"));
                }
            }
            return buffer.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
