package io.sluice.ops.candidates;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Lines of a stream as bytes, of bounded length: what encoding they are in is not asked here. */
public final class ByteLines {

    private final InputStream in;
    private final int limit;
    private boolean tooLong;

    /**
     * @param limit most bytes of a line that are kept
     */
    public ByteLines(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The next line without its end, cut at the limit; empty at the end of the stream. */
    public Optional<byte[]> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        tooLong = false;
        int read = in.read();
        if (read < 0) {
            return Optional.empty();
        }
        for (; read >= 0 && read != '\n'; read = in.read()) {
            if (line.size() < limit) {
                line.write(read);
            } else {
                tooLong = true;
            }
        }
        return Optional.of(line.toByteArray());
    }

    /** Whether the last line was cut. */
    public boolean wasTooLong() {
        return tooLong;
    }
}
