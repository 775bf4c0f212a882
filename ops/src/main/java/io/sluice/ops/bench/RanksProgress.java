package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code ranks.py} tells while it runs. */
final class RanksProgress {

    private static final Duration SILENCE = Duration.ofMinutes(3);
    private static final int SHOWN_STEPS = 10_000;

    private final PrintStream out;
    private final TreeMap<Long, Long> heldByLife = new TreeMap<>();
    private volatile long step;
    private long shown;
    private long kills;
    private long heldByReaders;

    RanksProgress(PrintStream out) {
        this.out = out;
    }

    /** Listens to the script until it ends. */
    void follow(JsonProcess script) throws InterruptedException {
        for (Optional<JsonNode> line = script.hear(SILENCE);
                line.isPresent();
                line = script.hear(SILENCE)) {
            take(line.get());
        }
    }

    /** The step that the trainer told of last. */
    long step() {
        return step;
    }

    /** How often the trainer was killed. */
    long kills() {
        return kills;
    }

    /** Steps that were scheduled by holding a plan; what a life did after it last told is lost. */
    long held() {
        return heldByLife.values().stream().mapToLong(held -> held).sum();
    }

    /** Steps that a rank answered by itself, because its slot did not name them in time. */
    long heldByReaders() {
        return heldByReaders;
    }

    void take(JsonNode line) {
        kills = line.path("kills").asLong(kills);
        heldByReaders += line.path("held_by_reader").asLong();
        if (line.has("life")) {
            step = line.get("step").asLong();
            heldByLife.put(line.get("life").asLong(), line.get("held_steps").asLong());
            if (step < shown || step >= shown + SHOWN_STEPS) {
                shown = step;
                out.println("step " + step + " on " + line.get("ranks") + " ranks");
            }
        }
    }
}
