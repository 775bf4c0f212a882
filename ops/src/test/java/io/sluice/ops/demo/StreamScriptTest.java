package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.djl.CorpusManifest;
import io.sluice.ops.demo.StreamItem.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamScriptTest {

    private static final int STEPS = 200;

    private final CorpusManifest corpus =
            CorpusManifest.read(Path.of("corpus").resolve("manifest.json"));
    private final StreamScript script = script(1);

    @Test
    void aScriptIsAFunctionOfItsSeed() {
        assertThat(described(script(1))).isEqualTo(described(script));
        assertThat(described(script(2))).isNotEqualTo(described(script));
    }

    @Test
    void theLateGroupArrivesFromItsStepOn() {
        assertThat(script.lateStep()).isEqualTo(80);
        assertThat(script.items())
                .filteredOn(item -> item.group().equals("es"))
                .allMatch(item -> item.step() >= 80)
                .anyMatch(item -> item.step() == 80 && item.kind() == Kind.TEXT);
    }

    @Test
    void aThirdIsThereAtTheStartAndEverythingBeforeTheEnd() {
        assertThat(script.arrivedBy(-1)).isZero();
        assertThat(script.arrivedBy(0)).isEqualTo(7 * 21);
        assertThat(script.arrivedBy(STEPS)).isEqualTo(script.items().size());
        assertThat(script.items()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    }

    @Test
    void noDocumentHasTheIdentifierOfAnother() {
        assertThat(script.items()).extracting(StreamItem::id).doesNotHaveDuplicates();
        assertThat(script.items()).allMatch(item -> Kind.of(item.id()) == item.kind());
    }

    @Test
    void moreArrivesThanTheRunDraws() {
        assertThat(script.textBytes()).isGreaterThan(200_000);
        for (Kind kind : Kind.values()) {
            assertThat(script.items()).anyMatch(item -> item.kind() == kind);
        }
    }

    private StreamScript script(long seed) {
        return StreamScript.of(corpus, "es", STEPS, 200_000, seed);
    }

    private static List<String> described(StreamScript script) {
        return script.items().stream()
                .map(item -> item.step() + " " + item.id() + " " + item.text().length)
                .toList();
    }
}
