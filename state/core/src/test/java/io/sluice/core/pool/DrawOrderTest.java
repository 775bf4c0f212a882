package io.sluice.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.pool.Stretch.Kind;
import io.sluice.core.pool.Stretch.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DrawOrderTest {

    private static final LongUnaryOperator ALL = LongUnaryOperator.identity();

    private final RepeatOrder repeats = new RepeatOrder(7, "code");

    @Test
    void documentsAreDrawnFirstInTheOrderOfAdmission() {
        DrawOrder order = holding(5);
        assertThat(order.decide(3, 5)).isTrue();
        assertThat(order.decide(5, 5)).isFalse();
        assertThat(drawn(order, 0, 5)).containsExactly("0", "1", "2", "3", "4");
        assertThat(order.next()).isEqualTo(5);
    }

    @Test
    void whatIsOnlyWishedForIsNeverARepeat() {
        DrawOrder order = holding(3);
        order.decide(1, 10);
        assertThat(order.decided()).isEqualTo(3);
        order.decide(4, 10);
        assertThat(order.decided()).isEqualTo(4);
    }

    @Test
    void aPassRepeatsEveryDocumentOnceBeforeAnyComesAgain() {
        DrawOrder order = holding(6);
        order.decide(18, 18);
        assertThat(drawn(order, 6, 12)).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
        assertThat(drawn(order, 12, 18)).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
        assertThat(drawn(order, 6, 12)).isNotEqualTo(drawn(order, 12, 18));
    }

    @Test
    void aNewDocumentIsDrawnBeforeTheRepeatGoesOn() {
        DrawOrder order = holding(4);
        order.decide(6, 6);
        order.documents(new Window(0, 5), ALL);
        order.decide(9, 9);
        assertThat(drawn(order, 6, 7)).containsExactly("4");
        List<String> pass = drawn(order, 4, 6);
        pass.addAll(drawn(order, 7, 9));
        assertThat(pass).containsExactlyInAnyOrder("0", "1", "2", "3");
        order.decide(14, 14);
        assertThat(drawn(order, 9, 14)).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
    }

    @Test
    void anEmptyGroupHasNothingUntilItsFirstDocument() {
        DrawOrder order = holding(0);
        assertThat(order.decide(2, 8)).isTrue();
        order.documents(new Window(0, 2), ALL);
        order.decide(4, 4);
        assertThat(drawn(order, 0, 4)).containsExactly("-", "-", "0", "1");
    }

    @Test
    void aDocumentThatWasRemovedBeforeItsFirstDrawIsPassedOver() {
        DrawOrder order = new DrawOrder(List.of(), 0);
        order.documents(new Window(0, 6), number -> number == 2 || number == 3 ? 4 : number);
        order.decide(4, 4);
        assertThat(drawn(order, 0, 4)).containsExactly("0", "1", "4", "5");
    }

    @Test
    void aPassOverDocumentsThatAreGoneGivesWayToOneOverThoseThatAreThere() {
        DrawOrder order = holding(8);
        order.decide(10, 10);
        order.documents(new Window(6, 8), ALL);
        order.decide(14, 14);
        assertThat(drawn(order, 10, 12)).containsExactlyInAnyOrder("6", "7");
        assertThat(drawn(order, 12, 14)).containsExactlyInAnyOrder("6", "7");
    }

    @Test
    void releasedOccurrencesAreForgottenAndWhatFollowsStays() {
        DrawOrder order = holding(3);
        order.decide(7, 7);
        order.documents(new Window(0, 5), ALL);
        order.decide(12, 12);
        List<String> kept = drawn(order, 7, 12);
        order.saved();
        assertThat(order.firstDrawnFrom(0)).isZero();
        assertThat(order.firstDrawnFrom(8)).isEqualTo(4);
        assertThat(order.firstDrawnFrom(9)).isEqualTo(5);
        assertThat(order.release(8))
                .extracting(Stretch::kind)
                .containsExactly(Kind.FIRST, Kind.AGAIN);
        assertThat(drawn(order, 7, 12)).isEqualTo(kept);
        assertThatThrownBy(() -> order.at(6)).hasMessageContaining("occurrence 6");
        assertThatThrownBy(() -> order.at(12)).hasMessageContaining("occurrence 12");
    }

    @Test
    void farOccurrencesCostNoTime() {
        DrawOrder order = holding(1_000);
        order.decide(1L << 53, 1L << 53);
        assertThat(order.at((1L << 53) - 1).kind()).isEqualTo(Kind.AGAIN);
        DrawOrder empty = holding(0);
        empty.decide(1L << 53, 1L << 53);
        assertThat(empty.at((1L << 53) - 1).kind()).isEqualTo(Kind.NONE);
    }

    @Test
    void documentsThatTrickleInKeepTheListBounded() {
        DrawOrder order = holding(1);
        long documents = 1;
        for (long n = 1; n < 4L * DrawOrder.MANY_STRETCHES; n++) {
            order.decide(n, n);
            if (n % 2 == 0) {
                order.documents(new Window(0, ++documents), ALL);
            }
        }
        assertThat(order.unsaved()).hasSizeLessThan(DrawOrder.MANY_STRETCHES + 3);
        order.saved();
        order.release(order.decided());
        long waiting = order.next();
        order.decide(order.decided() + 1, 0);
        assertThat(order.next()).isEqualTo(waiting + 1);
    }

    @Test
    void whatWasStoredMustBePossible() {
        Stretch stretch = new Stretch(5, Kind.NONE, 0, Window.EMPTY, 0);
        assertThatThrownBy(() -> new DrawOrder(List.of(stretch), 5)).hasMessageContaining("ends");
        assertThatThrownBy(() -> new Stretch(0, Kind.AGAIN, 0, Window.EMPTY, 1))
                .hasMessageContaining("not possible");
        assertThatThrownBy(() -> new Window(3, 2)).hasMessageContaining("no window");
    }

    /**
     * Documents arrive and are removed, several askers ask in any order and look ahead, and the
     * process dies: no answer ever changes, and every document is drawn first once and in order.
     */
    @Test
    void anAnswerStaysTheSameWhoeverAsksAndWhateverDies() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Stretch> disk = new ArrayList<>();
            long diskDecided = 0;
            DrawOrder order = DrawOrder.empty();
            long documents = 0;
            long removed = -1;
            Map<Long, String> told = new TreeMap<>();
            for (int turn = 0; turn < 60; turn++) {
                int what = random.nextInt(10);
                if (what < 3) {
                    documents += random.nextInt(4);
                } else if (what == 3 && removed < 0 && documents > 4) {
                    removed = random.nextLong(documents);
                } else if (what == 4) {
                    order = new DrawOrder(disk, diskDecided);
                } else {
                    order.documents(window(documents), kept(removed));
                    long need = Math.max(0, order.decided() + random.nextInt(-3, 6));
                    if (order.decide(need, need + random.nextInt(5))) {
                        disk.addAll(order.unsaved());
                        diskDecided = order.decided();
                        order.saved();
                    }
                    for (long n = Math.max(0, need - 6); n < order.decided(); n++) {
                        String now = drawn(order, n, n + 1).get(0);
                        assertThat(told.merge(n, now, (old, same) -> old))
                                .as("seed %s, occurrence %s", seed, n)
                                .isEqualTo(now);
                    }
                }
            }
            DrawOrder last = order;
            List<Long> first =
                    told.keySet().stream()
                            .filter(n -> n < last.decided() && last.at(n).kind() == Kind.FIRST)
                            .map(n -> Long.parseLong(told.get(n)))
                            .toList();
            assertThat(first).as("seed %s", seed).isSorted().doesNotHaveDuplicates();
        }
    }

    private static LongUnaryOperator kept(long removed) {
        return number -> number == removed ? number + 1 : number;
    }

    private static Window window(long documents) {
        return new Window(0, documents);
    }

    private static DrawOrder holding(long documents) {
        DrawOrder order = DrawOrder.empty();
        order.documents(window(documents), ALL);
        return order;
    }

    private List<String> drawn(DrawOrder order, long from, long until) {
        List<String> drawn = new ArrayList<>();
        LongStream.range(from, until).forEach(n -> drawn.add(at(order, n)));
        return drawn;
    }

    private String at(DrawOrder order, long occurrence) {
        Stretch stretch = order.at(occurrence);
        long i = stretch.begin() + occurrence - stretch.from();
        return switch (stretch.kind()) {
            case FIRST -> String.valueOf(i);
            case AGAIN -> {
                long size = stretch.window().size();
                long pass = stretch.pass() + i / size;
                yield String.valueOf(
                        repeats.at(stretch.window(), pass, i % size, number -> number + 1.0));
            }
            case NONE -> "-";
        };
    }
}
