package io.sluice.ops.demo;

import io.sluice.djl.CorpusManifest;
import io.sluice.djl.CorpusText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What arrives in the streaming demo, and at which step: a pure function of corpus, steps and seed.
 *
 * <p>Every group begins with a third of its text; the rest arrives evenly until shortly before the
 * end. One group appears after two fifths of the run. Between the text come copies of it, junk, and
 * the targets' test text.
 *
 * @param items by step
 * @param lateGroup the group that appears on the way
 * @param lateStep the step at which it is announced
 */
record StreamScript(List<StreamItem> items, String lateGroup, long lateStep) {

    private static final int PIECE = 800;
    private static final double AT_ONCE = 0.35;
    private static final double LATE = 0.4;
    private static final double LAST = 0.95;

    /** Text that arrives, in what the run draws; and the least, so that there is a crowd. */
    private static final double SUPPLY = 1.2;

    private static final int LEAST_PIECES = 60;

    /** When the flood begins, of what is left of the run when a group appears. */
    private static final double FLOOD = 0.1;

    /** Copies, and edited copies, as a share of a group's text. */
    private static final double COPIES = 0.3;

    /** Junk as a share of a group's text. */
    private static final double JUNK = 0.06;

    /** Pieces of test text, by target. */
    private static final int TESTS = 25;

    private static final String SIGNS = "!@#$%^&*()_+{}|:<>?-=[];',./~`\u00a7\u00b1";

    /**
     * Writes the script.
     *
     * @param corpus its groups' texts arrive; its poor groups' text is junk that claims another
     *     group
     * @param lateGroup one of its groups
     * @param steps steps of the run
     * @param bytes what the run draws in all; somewhat more arrives, where the corpus has it, so
     *     that what comes late is drawn too
     */
    static StreamScript of(
            CorpusManifest corpus, String lateGroup, long steps, long bytes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long lateStep = (long) (LATE * steps);
        List<StreamItem> items = new ArrayList<>();
        List<byte[]> junk = junk(corpus, random);
        List<CorpusManifest.Group> groups =
                corpus.groups().stream().filter(group -> !group.poor()).toList();
        int wanted = Math.max(LEAST_PIECES, (int) (SUPPLY * bytes / groups.size() / PIECE));
        for (CorpusManifest.Group group : groups) {
            String id = group.id().value();
            long first = id.equals(lateGroup) ? lateStep : 0;
            List<String> all = pieces(group.text());
            List<String> pieces = all.subList(0, Math.min(all.size(), wanted));
            addText(items, id, pieces, first, steps);
            addFlood(items, id, pieces, junk, first, steps, random);
        }
        addTests(items, corpus, groups, steps, random);
        items.sort(Comparator.comparingLong(StreamItem::step));
        return new StreamScript(List.copyOf(items), lateGroup, lateStep);
    }

    /** How many items have arrived by a step. */
    long arrivedBy(long step) {
        return items.stream().takeWhile(item -> item.step() <= step).count();
    }

    /** Bytes of the corpus that arrive. */
    long textBytes() {
        return items.stream()
                .filter(item -> item.kind() == StreamItem.Kind.TEXT)
                .mapToLong(item -> item.text().length)
                .sum();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void addText(
            List<StreamItem> items, String group, List<String> pieces, long first, long steps) {
        int atOnce = (int) (AT_ONCE * pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            double share = i < atOnce ? 0 : (i - atOnce + 1.0) / (pieces.size() - atOnce);
            long step = first + (long) (share * (LAST * steps - first));
            items.add(new StreamItem(step, StreamItem.Kind.TEXT, group, i, utf8(pieces.get(i))));
        }
    }

    /** Of what has arrived before, so that the original is the first comer. */
    private static void addFlood(
            List<StreamItem> items,
            String group,
            List<String> pieces,
            List<byte[]> junk,
            long first,
            long steps,
            SplittableRandom random) {
        int known = (int) (AT_ONCE * pieces.size());
        double begin = first + FLOOD * (steps - first);
        int copies = (int) (COPIES * pieces.size());
        for (int i = 0; i < copies; i++) {
            long step = (long) (begin + (LAST * steps - begin) * i / copies);
            String copied = pieces.get(random.nextInt(known)).replace(" ", "  ");
            items.add(new StreamItem(step, StreamItem.Kind.COPY, group, i, utf8(copied)));
            String edited = edit(pieces.get(random.nextInt(known)), random);
            items.add(new StreamItem(step, StreamItem.Kind.EDIT, group, i, utf8(edited)));
        }
        int pieced = (int) (JUNK * pieces.size());
        for (int i = 0; i < pieced; i++) {
            long step = (long) (begin + (LAST * steps - begin) * i / pieced);
            byte[] bytes = junk.get(random.nextInt(junk.size()));
            items.add(new StreamItem(step, StreamItem.Kind.JUNK, group, i, bytes));
        }
    }

    private static void addTests(
            List<StreamItem> items,
            CorpusManifest corpus,
            List<CorpusManifest.Group> groups,
            long steps,
            SplittableRandom random) {
        int number = 0;
        for (CorpusManifest.Target target : corpus.targets()) {
            List<String> pieces = pieces(target.test());
            for (int i = 0; i < TESTS; i++) {
                // The first group is there from the start.
                String group = groups.get(0).id().value();
                long step = (long) (LAST * steps * (i + 1) / TESTS);
                String text = pieces.get(random.nextInt(pieces.size()));
                items.add(new StreamItem(step, StreamItem.Kind.TEST, group, number++, utf8(text)));
            }
        }
    }

    /** What teaches nothing, of three sorts: base64, random bytes, and signs. */
    private static List<byte[]> junk(CorpusManifest corpus, SplittableRandom random) {
        List<byte[]> junk = new ArrayList<>();
        corpus.groups().stream()
                .filter(group -> group.id().value().contains("base64"))
                .forEach(group -> pieces(group.text()).forEach(text -> junk.add(utf8(text))));
        int each = Math.max(50, junk.size());
        for (int i = 0; i < each; i++) {
            byte[] bytes = new byte[PIECE];
            random.nextBytes(bytes);
            junk.add(bytes);
            StringBuilder signs = new StringBuilder();
            while (signs.length() < PIECE) {
                int length = 1 + random.nextInt(14);
                random.ints(length, 0, SIGNS.length()).forEach(c -> signs.append(SIGNS.charAt(c)));
                signs.append(random.nextInt(20) == 0 ? " x " : " ");
            }
            junk.add(utf8(signs.toString()));
        }
        return junk;
    }

    /** A text with one of its words replaced. */
    private static String edit(String text, SplittableRandom random) {
        int from = text.indexOf(' ', random.nextInt(text.length() / 2));
        int to = text.indexOf(' ', from + 1);
        return from < 0 || to < 0
                ? text + " sluice"
                : text.substring(0, from) + " sluice" + text.substring(to);
    }

    /** A text's documents, cut between lines into pieces of some {@value #PIECE} characters. */
    private static List<String> pieces(CorpusText text) {
        List<String> pieces = new ArrayList<>();
        for (String document :
                new String(text.read(), StandardCharsets.UTF_8).split("\n\f\n", -1)) {
            StringBuilder piece = new StringBuilder();
            for (String line : document.split("(?<=\n)")) {
                if (piece.length() + line.length() > PIECE && piece.length() > 0) {
                    pieces.add(piece.toString());
                    piece.setLength(0);
                }
                piece.append(line);
            }
            // A short end is like nothing else, and would be judged for its length.
            if (piece.length() >= PIECE / 4) {
                pieces.add(piece.toString());
            }
        }
        return pieces;
    }
}
