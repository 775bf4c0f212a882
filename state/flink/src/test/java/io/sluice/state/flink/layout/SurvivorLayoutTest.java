package io.sluice.state.flink.layout;

import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.dedup.Survivor;
import io.sluice.state.flink.Layout;
import java.util.List;

class SurvivorLayoutTest extends LayoutContract<Survivor> {

    @Override
    Layout<Survivor> layout() {
        return SurvivorLayout.INSTANCE;
    }

    @Override
    Survivor realistic() {
        byte[] sketch = new byte[96];
        for (int i = 0; i < sketch.length; i++) {
            sketch[i] = (byte) (37 * i);
        }
        return new Survivor(
                "cc-2026-44/00017/000291",
                new Position(3, 81_204),
                0x0123456789abcdefL,
                true,
                sketch);
    }

    @Override
    List<Survivor> extremes() {
        return List.of(
                new Survivor("d", new Position(0, 0), 0, false, new byte[0]),
                new Survivor(
                        "d".repeat(128),
                        new Position(Integer.MAX_VALUE, Long.MAX_VALUE),
                        -1,
                        true,
                        new byte[512]));
    }
}
