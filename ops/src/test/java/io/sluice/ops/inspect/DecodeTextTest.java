package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodeTextTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyRecordIsALineWithTheBeginningOfItsValue() throws Exception {
        List<String> lines =
                lines(
                        """
                        {"time": "2026-11-22T05:25:35Z", "partition": 0, "offset": 7, "key": "demo",
                         "type": "Seal", "value": {"fromStep": 3, "note": "%s"}}
                        """
                                .formatted("x".repeat(200)));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("time", "partition", "offset", "key", "type", "value");
        assertThat(lines.get(1))
                .contains("2026-11-22T05:25:35Z", "7", "demo", "Seal", "{\"fromStep\":3,")
                .endsWith("xxx...")
                .hasSizeLessThan(180);
    }

    @Test
    void whatCannotBeReadSaysWhy() throws Exception {
        assertThat(
                        lines(
                                        """
                                        {"partition": 1, "offset": 8, "key": "demo",
                                         "undecodable": {"message": "not an Avro single object"}}
                                        """)
                                .get(1))
                .contains("undecodable", "not an Avro single object");
    }

    /** Keys are anybody's, and some characters are orders to a terminal. */
    @Test
    void aKeyCannotGiveOrdersToATerminal() throws Exception {
        String line = lines("{\"key\": \"\\u001b[2Jdemo\", \"type\": \"Seal\"}").get(1);

        assertThat(line).contains("?[2Jdemo").doesNotContain("\u001b");
    }

    @Test
    void nothingIsToldAsNothing() {
        assertThat(DecodeText.of(List.of())).startsWith("no records match");
    }

    private static List<String> lines(String record) throws Exception {
        JsonNode json = JSON.readTree(record);
        return DecodeText.of(List.of(json)).lines().toList();
    }
}
