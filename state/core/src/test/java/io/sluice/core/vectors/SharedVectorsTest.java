package io.sluice.core.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the vectors that clients in other languages are tested with, value by value, with what
 * this module computes. What a file holds is made by the class that {@link VectorFile} names.
 *
 * <p>A vector that changes breaks every client and every run that is under way, so the files are
 * written again only to add cases: {@code mvn -pl state/core test -Dtest=SharedVectorsTest
 * -Dsluice.vectors.write=state/core/src/test/resources/vectors} (an absolute path).
 */
class SharedVectorsTest {

    private static final String WRITE = "sluice.vectors.write";

    private final ObjectMapper mapper = new ObjectMapper();

    @ParameterizedTest
    @EnumSource
    void everyStoredValueIsWhatThisModuleComputes(VectorFile file) throws IOException {
        ObjectNode computed = mapper.createObjectNode();
        file.fill(computed);
        String text = print(computed);
        String folder = System.getProperty(WRITE);
        if (folder != null) {
            Files.writeString(Path.of(folder, file.fileName()), text);
            return;
        }
        assertThat(mapper.readTree(text)).isEqualTo(stored(file));
    }

    private JsonNode stored(VectorFile file) throws IOException {
        try (InputStream stream = getClass().getResourceAsStream("/vectors/" + file.fileName())) {
            assertThat(stream).as(file.fileName()).isNotNull();
            return mapper.readTree(stream);
        }
    }

    /** Objects over several lines, arrays on one. */
    private String print(JsonNode node) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return mapper.writer(printer).writeValueAsString(node) + "\n";
    }
}
