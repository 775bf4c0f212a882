package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.djl.DjlCheckpoint.Cursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteRowsTest {

    @Test
    void eachPassPredictsEveryByteButTheFirstOnce() {
        ByteRows rows = new ByteRows("text", counting(41), 5, 1);
        assertThat(rows.size()).isEqualTo(10);
        List<Integer> predicted = new ArrayList<>();
        for (byte[] row : rows.take(10)) {
            assertThat(row).hasSize(5);
            for (int t = 1; t < row.length; t++) {
                assertThat(row[t]).isEqualTo((byte) (row[t - 1] + 1));
                predicted.add((int) row[t]);
            }
        }
        assertThat(predicted).doesNotHaveDuplicates().hasSize(40).doesNotContain(0);
    }

    @Test
    void passesAreCountedAndShuffledAnew() {
        ByteRows rows = new ByteRows("text", counting(101), 5, 1);
        byte[][] first = rows.take(25);
        assertThat(rows.cursor()).isEqualTo(new Cursor(0, 25));
        byte[][] second = rows.take(25);
        assertThat(rows.cursor()).isEqualTo(new Cursor(1, 25));
        assertThat(texts(second))
                .isNotEqualTo(texts(first))
                .containsExactlyInAnyOrderElementsOf(texts(first));
    }

    @Test
    void orderDependsOnNameAndSeedOnly() {
        List<String> rows = texts(new ByteRows("text", counting(101), 5, 1).take(25));
        assertThat(texts(new ByteRows("text", counting(101), 5, 1).take(25))).isEqualTo(rows);
        assertThat(texts(new ByteRows("text", counting(101), 5, 2).take(25))).isNotEqualTo(rows);
        assertThat(texts(new ByteRows("other", counting(101), 5, 1).take(25))).isNotEqualTo(rows);
    }

    @Test
    void goesOnFromACursor() {
        ByteRows rows = new ByteRows("text", counting(101), 5, 1);
        rows.take(33);
        ByteRows resumed = new ByteRows("text", counting(101), 5, 1);
        resumed.seek(rows.cursor());
        assertThat(resumed.take(40)).isDeepEqualTo(rows.take(40));
        assertThat(resumed.cursor()).isEqualTo(rows.cursor());
    }

    @Test
    void aCursorOfALongerTextIsRefused() {
        ByteRows rows = new ByteRows("text", counting(41), 5, 1);
        assertThatThrownBy(() -> rows.seek(new Cursor(0, 11)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("text has 10 rows");
    }

    @Test
    void aTextShorterThanARowIsRefused() {
        assertThatThrownBy(() -> new ByteRows("group short", counting(4), 5, 1))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("group short has 4 bytes, less than a row of 5");
    }

    private static List<String> texts(byte[][] rows) {
        return Arrays.stream(rows).map(Arrays::toString).toList();
    }

    private static byte[] counting(int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) i;
        }
        return text;
    }
}
