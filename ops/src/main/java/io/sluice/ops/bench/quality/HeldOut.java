package io.sluice.ops.bench.quality;

import io.sluice.ops.bench.quality.QualityCorpus.Target;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one target of several held-out texts, in equal parts: the documents of each are dealt in
 * turn to dev and test, and each text gives as many bytes as the shortest can.
 */
final class HeldOut {

    /** Ends a document: a line with one form feed. */
    private static final byte[] SEPARATOR = {'\n', '\f', '\n'};

    private HeldOut() {}

    static Target of(List<byte[]> texts) {
        List<byte[]> dev = new ArrayList<>();
        List<byte[]> test = new ArrayList<>();
        for (byte[] text : texts) {
            ByteArrayOutputStream even = new ByteArrayOutputStream();
            ByteArrayOutputStream odd = new ByteArrayOutputStream();
            int number = 0;
            int begin = 0;
            while (begin < text.length) {
                int end = endOfDocument(text, begin);
                (number++ % 2 == 0 ? even : odd).write(text, begin, end - begin);
                begin = end;
            }
            dev.add(even.toByteArray());
            test.add(odd.toByteArray());
        }
        return new Target(QualityCorpus.HELD_OUT, equalParts(dev), equalParts(test));
    }

    /** The place after the document that begins at {@code begin}, its separator included. */
    private static int endOfDocument(byte[] text, int begin) {
        for (int i = begin; i + SEPARATOR.length <= text.length; i++) {
            if (text[i] == SEPARATOR[0]
                    && text[i + 1] == SEPARATOR[1]
                    && text[i + 2] == SEPARATOR[2]) {
                return i + SEPARATOR.length;
            }
        }
        return text.length;
    }

    private static byte[] equalParts(List<byte[]> texts) {
        int least = texts.stream().mapToInt(text -> text.length).min().orElse(0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        texts.forEach(text -> all.write(text, 0, least));
        return all.toByteArray();
    }
}
