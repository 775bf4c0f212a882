package io.sluice.ops.page;

import java.io.IOException;

/** The port of the page belongs to another process. */
public final class PortInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int port;

    PortInUseException(int port, IOException cause) {
        super(
                "port "
                        + port
                        + " on 127.0.0.1 is already in use: stop what listens there, or choose"
                        + " another port; port 0 takes any free one",
                cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
