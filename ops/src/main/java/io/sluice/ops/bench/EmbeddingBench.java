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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;

/**
 * How near the candidate job comes to its embedding model called alone, in batches of the same size
 * and with as many threads. Every document goes through the model. Model and job take turns, and a
 * job's round is compared with the model alone right before it and right after it, on the documents
 * between which the job's rate is taken.
 */
final class EmbeddingBench {

    /** Rounds, of which the middle one counts: another load on the machine strikes some of them. */
    private static final int ROUNDS = 3;

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
        List<CandidateLoad.Rate> alone = new ArrayList<>();
        List<CandidateLoad.Rate> inJob = new ArrayList<>();
        try (TextEmbedder embedder =
                TextEmbedders.find(EmbeddingBench.class.getClassLoader())
                        .open(model.toString(), THREADS)) {
            float[] vector = embedder.embed(List.of(texts.text(0))).get(0);
            SpecificRecord target =
                    new TargetEmbeddings.Embedded(1, embedder.model(), vector)
                            .record(CandidateLoad.CATALOG, "bench", "bench");
            for (int round = 0; round < ROUNDS; round++) {
                String prefix = "embedding-" + round + ".";
                Topics.create(client, prefix, 1, (short) 1);
                CandidateLoad load = new CandidateLoad(client, prefix, texts, numbers, out);
                load.fill(target);
                if (round == 0) {
                    alone.add(alone(embedder, load.measured()));
                }
                CandidateOptions options =
                        CandidateOptions.of(client)
                                .withTopicPrefix(prefix)
                                .withModel(model.toString())
                                .with(Map.of(CandidateSetting.SCORER_SHARE.key(), 1.0));
                try (EmbeddedJob job =
                        EmbeddedJob.start(state.resolve(Integer.toString(round)), options, 1)) {
                    inJob.add(load.await(job));
                }
                requireScored(prefix);
                alone.add(alone(embedder, load.measured()));
            }
            settings.put("model", embedder.model());
        }
        double[] ratios = new double[ROUNDS];
        double[] cpuRatios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            CandidateLoad.Rate before = alone.get(round);
            CandidateLoad.Rate after = alone.get(round + 1);
            CandidateLoad.Rate between = inJob.get(round);
            double seconds = (1 / before.perSecond() + 1 / after.perSecond()) / 2;
            ratios[round] = between.perSecond() * seconds;
            cpuRatios[round] = (before.cpuMicros() + after.cpuMicros()) / 2 / between.cpuMicros();
        }
        Arrays.sort(ratios);
        Arrays.sort(cpuRatios);
        figures.put("embedded_docs_per_second", median(inJob));
        figures.put("model_alone_docs_per_second", median(alone));
        figures.put("ratio_model_alone", ratios[ROUNDS / 2]);
        figures.put("ratio_model_alone_least", ratios[0]);
        figures.put("ratio_model_alone_most", ratios[ROUNDS - 1]);
        figures.put("ratio_model_alone_cpu", cpuRatios[ROUNDS / 2]);
        settings.put("embedded", numbers.length);
        settings.put("rounds", ROUNDS);
        settings.put("batch", BATCH);
        settings.put("threads", THREADS);
    }

    private static double median(List<CandidateLoad.Rate> rates) {
        double[] perSecond =
                rates.stream().mapToDouble(CandidateLoad.Rate::perSecond).sorted().toArray();
        return perSecond[perSecond.length / 2];
    }

    /** The job must have asked about every document; else the ratio says nothing. */
    private void requireScored(String prefix) {
        long unscored =
                TopicContent.read(client, Topic.DOCUMENTS.name(prefix), AdmittedDocument.class)
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
    private CandidateLoad.Rate alone(TextEmbedder embedder, int[] measured)
            throws EmbeddingException {
        List<String> all = IntStream.of(measured).mapToObj(texts::text).toList();
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
