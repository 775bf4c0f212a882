package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.SubjectKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

    private final Contract contract = new Contract();

    @Test
    void showsARecordWithThePlaceWhereItStands() {
        GroupSignal signal =
                GroupSignal.newBuilder()
                        .setRunId("r")
                        .setKind(SubjectKind.GROUP)
                        .setSubject("es")
                        .setPlans(List.of(new PlanTokens(3L, 64L)))
                        .setLossSum(Double.NaN)
                        .setSketch(ByteBuffer.wrap(new byte[100]))
                        .build();
        JsonNode json = new RecordJson().of(record(contract.encode(signal)));
        assertThat(json.at("/topic").asText()).isEqualTo("sluice.telemetry");
        assertThat(json.at("/offset").asLong()).isEqualTo(7);
        assertThat(json.at("/type").asText()).isEqualTo("GroupSignal");
        assertThat(json.at("/value/kind").asText()).isEqualTo("GROUP");
        assertThat(json.at("/value/plans").toString()).isEqualTo("[{\"version\":3,\"tokens\":64}]");
        assertThat(json.at("/value/lossSum").asText()).isEqualTo("NaN");
        assertThat(json.at("/value/sketch/bytes").asInt()).isEqualTo(100);
        assertThat(json.at("/value/sketch/hexPrefix").asText()).isEqualTo("00".repeat(32));
    }

    @Test
    void showsWhatCannotBeDecodedWithTheReasonAndItsBeginning() {
        JsonNode json = new RecordJson().of(record("oops".getBytes(StandardCharsets.UTF_8)));
        assertThat(json.at("/undecodable/kind").asText()).isEqualTo("UNKNOWN_FORMAT");
        assertThat(json.at("/undecodable/message").asText()).contains("C3 01");
        assertThat(json.at("/undecodable/bytes").asInt()).isEqualTo(4);
        assertThat(json.at("/undecodable/hexPrefix").asText()).isEqualTo("6f6f7073");
        assertThat(json.has("value")).isFalse();
    }

    private static LogRecord record(byte[] value) {
        return new LogRecord("sluice.telemetry", 1, 7, TestingLog.START, "r", value);
    }
}
