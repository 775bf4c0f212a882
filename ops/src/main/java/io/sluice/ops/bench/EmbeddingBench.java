package io.sluice.ops.bench;

import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.SimilarityScorer;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.candidate.CandidateSetting;
import io.sluice.ops.candidates.BundledModel;
import io.sluice.ops.candidates.TargetEmbeddings;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.DocumentScore;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * How near the candidate job comes to its embedding model called alone, in batches of the same size
 * and with as many threads. Every document goes through the model; the model alone is measured
 * before the job and after it.
 */
final class EmbeddingBench {

    private static final String PREFIX = "embedding.";
    private static final int BATCH = (int) CandidateSetting.SCORER_BATCH.fallback();
    private static final int THREADS = (int) CandidateSetting.SCORER_THREADS.fallback();

    private final Properties client;
    private final CandidateTexts texts;
    private final int[] numbers;
    private final PrintStream out;

    /**
     * @param documents how many documents, none a copy of another: all reach the model
     */
    EmbeddingBench(Properties client, CandidateTexts texts, int documents, PrintStream out) {
        this.client = client;
        this.texts = texts;
        this.numbers =
                IntStream.iterate(0, i -> i + 1)
                        .filter(i -> texts.original(i).isEmpty())
                        .limit(documents)
                        .toArray();
        this.out = out;
    }

    void run(Path state, SortedMap<String, Double> figures, SortedMap<String, Object> settings)
            throws Exception {
        Path model = BundledModel.path();
        Topics.create(client, PREFIX, 1, (short) 1);
        CandidateLoad load = new CandidateLoad(client, PREFIX, texts, numbers, out);
        CandidateLoad.Rate before;
        CandidateLoad.Rate after;
        CandidateLoad.Rate inJob;
        try (TextEmbedder embedder =
                TextEmbedders.find(EmbeddingBench.class.getClassLoader())
                        .open(model.toString(), THREADS)) {
            float[] target = embedder.embed(List.of(texts.text(0))).get(0);
            load.fill(
                    new TargetEmbeddings.Embedded(1, embedder.model(), target)
                            .record(CandidateLoad.CATALOG, "bench", "bench"));
            before = alone(embedder);
            CandidateOptions options =
                    CandidateOptions.of(client)
                            .withTopicPrefix(PREFIX)
                            .withModel(model.toString())
                            .with(Map.of(CandidateSetting.SCORER_SHARE.key(), 1.0));
            try (EmbeddedJob job = EmbeddedJob.start(state, options, 1)) {
                inJob = load.await(job);
            }
            requireScored();
            after = alone(embedder);
            settings.put("model", embedder.model());
        }
        double alone = 2 / (1 / before.perSecond() + 1 / after.perSecond());
        double aloneMicros = (before.cpuMicros() + after.cpuMicros()) / 2;
        figures.put("embedded_docs_per_second", inJob.perSecond());
        figures.put("model_alone_docs_per_second", alone);
        figures.put("ratio_model_alone", inJob.perSecond() / alone);
        figures.put("ratio_model_alone_cpu", aloneMicros / inJob.cpuMicros());
        settings.put("embedded", numbers.length);
        settings.put("batch", BATCH);
        settings.put("threads", THREADS);
    }

    /** The job must have asked about every document; else the ratio says nothing. */
    private void requireScored() {
        long unscored =
                TopicContent.read(client, Topic.DOCUMENTS.name(PREFIX), AdmittedDocument.class)
                        .stream()
                        .filter(
                                entry ->
                                        entry.value().getScores().stream()
                                                .map(DocumentScore::getScorer)
                                                .noneMatch(SimilarityScorer.NAME::equals))
                        .count();
        if (unscored > 0) {
            throw new IllegalStateException(
                    "the model gave nothing for " + unscored + " documents: there is no ratio");
        }
    }

    /** The model alone. */
    private CandidateLoad.Rate alone(TextEmbedder embedder) throws EmbeddingException {
        List<String> all = IntStream.of(numbers).mapToObj(texts::text).toList();
        out.println("the model alone: " + all.size() + " documents ...");
        int done = 0;
        long cpu = CandidateLoad.cpuNanos();
        long start = System.nanoTime();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            done += embedder.embed(batch).size();
        }
        return new CandidateLoad.Rate(
                done / ((System.nanoTime() - start) * 1e-9),
                (CandidateLoad.cpuNanos() - cpu) * 1e-3 / done);
    }
}
