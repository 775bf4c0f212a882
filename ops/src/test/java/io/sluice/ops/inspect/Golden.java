package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that renderers must give, to the letter. */
final class Golden {

    private Golden() {}

    /** Compares with a file beside the tests. */
    static void check(String actual, String file) {
        assertThat(actual.replace(System.lineSeparator(), "\n")).isEqualTo(read(file));
    }

    private static String read(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/inspect/" + file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
