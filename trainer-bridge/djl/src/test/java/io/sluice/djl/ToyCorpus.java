package io.sluice.djl;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.TargetId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Two small groups, one of sentences and one of digits, and a target of sentences. */
final class ToyCorpus {

    static final GroupId WORDS = new GroupId("words");
    static final GroupId DIGITS = new GroupId("digits");
    static final TargetId TARGET = new TargetId("target");

    private ToyCorpus() {}

    static CorpusManifest write(Path folder) {
        return new CorpusManifest(
                "toy",
                List.of(
                        new CorpusManifest.Group(
                                WORDS, false, 0.5, file(folder, "words", sentences(1))),
                        new CorpusManifest.Group(
                                DIGITS, true, 0.5, file(folder, "digits", digits(2)))),
                List.of(
                        new CorpusManifest.Target(
                                TARGET,
                                1,
                                file(folder, "dev", sentences(3)),
                                file(folder, "test", sentences(4)))));
    }

    static CorpusFile file(Path folder, String name, byte[] text) {
        Path path = folder.resolve(name + ".txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CorpusFile(path, sha256(text));
    }

    static String sha256(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] sentences(long seed) {
        String[] words = {"the", "miller", "opens", "a", "gate", "and", "water", "runs", "down"};
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(words[random.nextInt(words.length)]);
            text.append(i % 100 == 99 ? "\n\f\n" : i % 9 == 8 ? ".\n" : " ");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digits(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8000; i++) {
            text.append(random.nextInt(10));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
