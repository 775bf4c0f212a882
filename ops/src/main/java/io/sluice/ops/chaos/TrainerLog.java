package io.sluice.ops.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a scripted trainer says of itself: one line a fact, words and numbers between blanks. */
final class TrainerLog {

    private final PrintWriter writer;

    TrainerLog(Path file) throws IOException {
        writer =
                new PrintWriter(
                        Files.newBufferedWriter(
                                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        true);
    }

    /** Writes a fact at once, so that a killed trainer has said it. */
    synchronized void write(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        writer.println(line);
    }

    /** One line. */
    record Fact(String name, List<String> words) {

        long number(int index) {
            return Long.parseLong(words.get(index));
        }
    }

    /** The facts of a log; a last line that was cut off is left out. */
    static List<Fact> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        List<Fact> facts = new ArrayList<>();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            if (!line.isEmpty()) {
                List<String> words = List.of(line.split(" "));
                facts.add(new Fact(words.get(0), words.subList(1, words.size())));
            }
        }
        return facts;
    }
}
