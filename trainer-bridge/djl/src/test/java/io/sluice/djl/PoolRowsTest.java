package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.core.domain.GroupId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolRowsTest {

    private static final GroupId GROUP = new GroupId("words");

    @TempDir Path folder;

    private final List<String> heard = new ArrayList<>();
    private final TrainingListener listener =
            new TrainingListener() {
                @Override
                public void onDocument(GroupId group, DrawnDocument drawn) {
                    heard.add(group + " " + drawn.occurrence());
                }

                @Override
                public void onNothing(GroupId group) {
                    heard.add(group + " nothing");
                }

                @Override
                public void onWrap(GroupId group, long epoch) {
                    heard.add(group + " pass " + epoch);
                }
            };

    private ToyPool pool;

    @BeforeEach
    void open() {
        pool = new ToyPool(folder);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void rowsAreCutFromTheDocumentsAndShareOneByte() {
        pool.add(GROUP, "abcdef");
        pool.add(GROUP, "gh");
        PoolRows rows = rows();
        assertThat(text(rows.take(3))).containsExactly("abcd", "def\n", "\n\f\ng");
        assertThat(heard).containsExactly("words 0", "words 1");
        assertThat(rows.cursor()).isEqualTo(new DjlCheckpoint.Cursor(1, 0));
    }

    @Test
    void rowsGoOnFromACursor() {
        pool.add(GROUP, "abcdef");
        pool.add(GROUP, "ghijkl");
        PoolRows rows = rows();
        rows.take(2);
        PoolRows resumed = rows();
        resumed.seek(rows.cursor());
        assertThat(text(resumed.take(3))).isEqualTo(text(rows.take(3)));
        assertThatThrownBy(() -> resumed.seek(new DjlCheckpoint.Cursor(-1, 0)))
                .isInstanceOf(CheckpointException.class);
    }

    @Test
    void anEmptyGroupHasNoRowsUntilADocumentComes() {
        PoolRows rows = rows();
        assertThat(rows.take(2)).isEmpty();
        pool.add(GROUP, "abcdef");
        assertThat(text(rows.take(1))).containsExactly("abcd");
        assertThat(heard).containsExactly("words nothing", "words 1");
    }

    @Test
    void documentsComeAgainWhenThereIsNoOther() {
        pool.add(GROUP, "abcdef");
        PoolRows rows = rows();
        assertThat(text(rows.take(5))).containsExactly("abcd", "def\n", "\n\f\na", "abcd", "def\n");
        assertThat(heard).containsExactly("words 0", "words 1", "words pass 1");
    }

    @Test
    void aCursorThatWasReleasedIsRefused() {
        pool.add(GROUP, "abcdef");
        pool.add(GROUP, "ghijkl");
        PoolRows rows = rows();
        rows.take(4);
        pool.pool.release(Map.of(GROUP, 1L));
        rows.seek(new DjlCheckpoint.Cursor(0, 0));
        assertThatThrownBy(() -> rows.take(1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("released");
    }

    @Test
    void aPoolThatIsClosedHasNothing() {
        pool.add(GROUP, "abcdef");
        pool.pool.close();
        assertThat(rows().take(1)).isEmpty();
    }

    private PoolRows rows() {
        return new PoolRows(GROUP, pool.pool, 4, listener);
    }

    private static List<String> text(byte[][] rows) {
        return Arrays.stream(rows).map(row -> new String(row, StandardCharsets.UTF_8)).toList();
    }
}
