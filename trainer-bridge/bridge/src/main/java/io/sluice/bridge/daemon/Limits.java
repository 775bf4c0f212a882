package io.sluice.bridge.daemon;

import java.time.Duration;

/**
 * What one client may take of a daemon.
 *
 * @param connections most connections that are served at once
 * @param idle how long a connection may hold no session and send nothing
 * @param request how long a request may take to come in, and its answer to be fetched
 * @param requestsPerSecond most requests of one connection
 */
record Limits(int connections, Duration idle, Duration request, int requestsPerSecond) {

    /** Most bytes of a header, and of a request line. */
    static final int HEADER_BYTES = 8 << 10;

    /** Most bytes of a body. */
    static final int BODY_BYTES = 256 << 10;

    /** Most bytes of a body that may list every group of a run. */
    static final int LARGE_BODY_BYTES = 2 << 20;

    /** As {@code docs/bridge-protocol.md} tells them. */
    static final Limits DEFAULT =
            new Limits(64, Duration.ofSeconds(5), Duration.ofSeconds(5), 2_000);
}
