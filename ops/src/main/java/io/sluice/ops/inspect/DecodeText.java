package io.sluice.ops.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Decoded records as a person looks over them. */
public final class DecodeText {

    private static final int LONGEST_KEY = 40;
    private static final int LONGEST_VALUE = 100;

    private DecodeText() {}

    /**
     * One line per record, the last line ended. Values are cut.
     *
     * @param records as {@link Inspector#decodeNewest} hands them on
     */
    public static String of(List<JsonNode> records) {
        if (records.isEmpty()) {
            return "no records match" + System.lineSeparator();
        }
        Table table =
                new Table("lrrlll", List.of("time", "partition", "offset", "key", "type", "value"));
        for (JsonNode record : records) {
            JsonNode undecodable = record.path("undecodable");
            boolean readable = undecodable.isMissingNode();
            table.row(
                    List.of(
                            record.path("time").asText(),
                            record.path("partition").asText(),
                            record.path("offset").asText(),
                            cut(record.path("key").asText(), LONGEST_KEY),
                            readable ? record.path("type").asText() : "undecodable",
                            cut(
                                    readable
                                            ? record.path("value").toString()
                                            : undecodable.path("message").asText(),
                                    LONGEST_VALUE)));
        }
        return table.toString();
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "...";
    }
}
