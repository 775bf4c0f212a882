package io.sluice.ops.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Speaks the bridge's protocol over one connection (docs/bridge-protocol.md). */
final class DaemonClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json";

    private final SocketChannel channel;
    private final BufferedReader reader;

    /** The bridge says no. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        private final String code;

        RefusedException(String code, String message) {
            super(code + ": " + message);
            this.code = code;
        }

        /** The protocol's word for why. */
        String code() {
            return code;
        }
    }

    DaemonClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        // Bodies are ASCII: a character is a byte.
        reader =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.US_ASCII));
    }

    JsonNode get(String path) throws IOException, RefusedException {
        return ask("GET " + path, JSON_TYPE, new byte[0]);
    }

    JsonNode post(String path, JsonNode body) throws IOException, RefusedException {
        return ask("POST " + path, JSON_TYPE, body.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends signals with sketches. */
    JsonNode postSignals(byte[] body) throws IOException, RefusedException {
        return ask("POST /v1/signals", "application/vnd.sluice.signals", body);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private JsonNode ask(String what, String type, byte[] body)
            throws IOException, RefusedException {
        String head =
                what
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        write(head.getBytes(StandardCharsets.US_ASCII));
        write(body);
        return answer();
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private JsonNode answer() throws IOException, RefusedException {
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
            }
        }
        char[] body = new char[length];
        for (int read = 0; read < length; ) {
            int more = reader.read(body, read, length - read);
            if (more < 0) {
                throw new EOFException("the bridge has closed");
            }
            read += more;
        }
        JsonNode answer = JSON.readTree(new String(body));
        if (status != 200) {
            JsonNode error = answer.path("error");
            throw new RefusedException(error.path("code").asText(), error.path("message").asText());
        }
        return answer;
    }

    private String line() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new EOFException("the bridge has closed");
        }
        return line;
    }
}
