package io.sluice.ops.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.chaos.HostileRecords.Hostile;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.SubjectKind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HostileRecordsTest {

    private final Contract contract = new Contract();
    private final HostileRecords records =
            new HostileRecords(
                    GroupSignal.newBuilder()
                            .setRunId("chaos")
                            .setSpecDigest("d")
                            .setAttempt(3)
                            .setRound(4)
                            .setKind(SubjectKind.GROUP)
                            .setSubject("alpha")
                            .setReporter("rank-0")
                            .setFromStep(40)
                            .setThroughStep(49)
                            .setPlans(List.of(new PlanTokens(1L, 512L)))
                            .setTokens(512)
                            .build());

    @Test
    void noneOfTheBytesIsARecord() {
        List<Hostile> unreadable = records.unreadable(new SplittableRandom(1));
        assertThat(unreadable).hasSizeGreaterThan(40);
        for (Hostile hostile : unreadable) {
            assertThat(hostile.reason()).isEqualTo(RejectReason.UNDECODABLE);
            assertThatThrownBy(() -> contract.decode(hostile.bytes()))
                    .isInstanceOf(ContractException.class);
        }
    }

    @Test
    void aStringAListAndAMapAreReachedWithLengthsThatAreNotThere() {
        List<String> reached =
                records.unreadable(new SplittableRandom(1)).stream()
                        .flatMap(hostile -> readers(hostile.bytes()))
                        .toList();
        assertThat(reached).contains("readString", "readArrayStart", "readMapStart");
    }

    /** What Avro was reading when it gave up. */
    private Stream<String> readers(byte[] bytes) {
        try {
            contract.decode(bytes);
            return Stream.empty();
        } catch (ContractException e) {
            return Stream.ofNullable(e.getCause())
                    .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                    .map(StackTraceElement::getMethodName);
        }
    }
}
