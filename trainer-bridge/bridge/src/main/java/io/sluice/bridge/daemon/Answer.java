package io.sluice.bridge.daemon;

import java.nio.charset.StandardCharsets;

/**
 * What a request is answered with.
 *
 * @param status the HTTP status
 * @param contentType type of the body
 * @param body the body; not changed any more
 */
record Answer(int status, String contentType, byte[] body) {

    private static final String JSON = "application/json";

    /** A form as JSON. */
    static Answer json(int status, Object form) {
        return new Answer(status, JSON, Json.write(form));
    }

    /** Success. */
    static Answer ok(Object form) {
        return json(200, form);
    }

    /** Success with a binary body. */
    static Answer binary(String contentType, byte[] body) {
        return new Answer(200, contentType, body);
    }

    /** Plain text. */
    static Answer text(int status, String contentType, String text) {
        return new Answer(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }
}
