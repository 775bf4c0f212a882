package io.sluice.ops.bench;

import io.sluice.core.candidate.dedup.MinHashOptions;
import io.sluice.core.candidate.dedup.MinHasher;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How fast the candidate job takes documents in, what they cost on disk, and how many near
 * duplicates it finds. The documents are written first, and then the job starts; the rate is that
 * between a fifth and nineteen twentieths of them.
 */
public final class CandidatesBench {

    private static final Pattern NAMED = Pattern.compile("document '([^']+)'");

    /**
     * On disk, of a document of 1 KB: twice on topics, and in state, checkpoints and a savepoint.
     */
    private static final long BYTES = 6_000;

    private final Path corpus;
    private final int documents;
    private final int embedded;
    private final PrintStream out;

    /**
     * @param corpus folder of text files
     * @param documents how many documents
     * @param embedded how many documents for the embedding model; 0 leaves it out
     */
    public CandidatesBench(Path corpus, int documents, int embedded, PrintStream out) {
        this.corpus = corpus;
        this.documents = documents;
        this.embedded = embedded;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        CandidateTexts texts = CandidateTexts.read(corpus, 1);
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.startPatient(scratch.folder("kafka"))) {
            scratch.requireSpace((long) documents * BYTES);
            Properties client = Clients.patient(broker.bootstrap());
            Topics.create(client, Topic.DEFAULT_PREFIX, 1, (short) 1);
            CandidateLoad load =
                    new CandidateLoad(
                            client,
                            Topic.DEFAULT_PREFIX,
                            texts,
                            IntStream.range(0, documents).toArray(),
                            out);
            load.fill();
            Path state = scratch.folder("flink");
            SortedMap<String, Double> figures = new TreeMap<>();
            EmbeddedJob job = EmbeddedJob.start(state, CandidateOptions.of(client), 1);
            try {
                CandidateLoad.Rate rate = load.await(job);
                figures.put("docs_per_second", rate.perSecond());
                figures.put("cpu_us_per_document", rate.cpuMicros());
            } finally {
                job.suspend();
            }
            judge(client, texts, figures);
            figures.put("bytes_per_document", savepointBytes(state) / figures.get("survivors"));
            SortedMap<String, Object> settings = new TreeMap<>();
            settings.put("documents", documents);
            if (embedded > 0) {
                new EmbeddingBench(client, texts, embedded, out)
                        .run(scratch.folder("flink-embedding"), figures, settings);
            }
            settings.put("minHash", MinHashOptions.DEFAULT.toString());
            return BenchResult.here("candidates", figures, settings);
        }
    }

    /** Compares what was dropped with the exact Jaccard similarities. */
    private void judge(Properties client, CandidateTexts texts, SortedMap<String, Double> figures) {
        MinHasher hasher = new MinHasher(MinHashOptions.DEFAULT);
        Map<Integer, TurnedAway> rejected = new TreeMap<>();
        // The topic has one partition, and document i stands at offset i.
        TopicContent.each(
                client,
                Topic.REJECTS.name(Topic.DEFAULT_PREFIX),
                Rejected.class,
                entry -> rejected.put((int) entry.value().getOffset(), turnedAway(entry.value())));
        long dropped = 0;
        long rightlyDropped = 0;
        for (Map.Entry<Integer, TurnedAway> entry : rejected.entrySet()) {
            if (entry.getValue().reason() == RejectReason.NEAR_DUPLICATE) {
                int survivor = entry.getValue().survivor();
                dropped++;
                rightlyDropped += jaccard(hasher, texts, entry.getKey(), survivor) >= 0.7 ? 1 : 0;
            }
        }
        long copies = 0;
        long found = 0;
        for (int i = 0; i < documents; i++) {
            OptionalInt original = texts.original(i);
            if (original.isPresent()
                    && !rejected.containsKey(original.getAsInt())
                    && jaccard(hasher, texts, i, original.getAsInt()) >= 0.8) {
                copies++;
                found += isDuplicate(rejected.get(i)) ? 1 : 0;
            }
        }
        figures.put("near_precision", (double) rightlyDropped / dropped);
        figures.put("near_recall", (double) found / copies);
        figures.put("near_dropped", (double) dropped);
        figures.put("near_planted", (double) copies);
        figures.put("survivors", (double) documents - rejected.size());
    }

    /** What a million of is kept of a rejected document; only a near duplicate has a survivor. */
    private record TurnedAway(RejectReason reason, int survivor) {}

    private static TurnedAway turnedAway(Rejected rejected) {
        if (rejected.getReason() != RejectReason.NEAR_DUPLICATE) {
            return new TurnedAway(rejected.getReason(), -1);
        }
        Matcher named = NAMED.matcher(rejected.getMessage());
        if (!named.find()) {
            throw new IllegalStateException("no survivor is named: " + rejected);
        }
        return new TurnedAway(rejected.getReason(), CandidateTexts.number(named.group(1)));
    }

    /** Whether a document was turned away as a copy, and not for its score. */
    private static boolean isDuplicate(TurnedAway rejected) {
        return rejected != null
                && (rejected.reason() == RejectReason.NEAR_DUPLICATE
                        || rejected.reason() == RejectReason.EXACT_DUPLICATE);
    }

    private static double jaccard(MinHasher hasher, CandidateTexts texts, int a, int b) {
        Set<Long> left = shingles(hasher, texts.text(a));
        Set<Long> right = shingles(hasher, texts.text(b));
        long both = left.stream().filter(right::contains).count();
        return (double) both / (left.size() + right.size() - both);
    }

    private static Set<Long> shingles(MinHasher hasher, String text) {
        return Arrays.stream(hasher.shingles(NormalisedText.of(text)))
                .boxed()
                .collect(Collectors.toSet());
    }

    private static double savepointBytes(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            long bytes = 0;
            for (Path file : files.filter(path -> path.toString().contains("savepoint")).toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
            return bytes;
        }
    }
}
