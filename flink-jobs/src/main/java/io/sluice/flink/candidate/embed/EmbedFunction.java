package io.sluice.flink.candidate.embed;

import io.sluice.core.candidate.score.DocumentScore;
import io.sluice.core.candidate.score.EmbeddingException;
import io.sluice.core.candidate.score.Sample;
import io.sluice.core.candidate.score.SimilarityScorer;
import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEventLayout;
import io.sluice.flink.candidate.ScorerOptions;
import io.sluice.flink.kafka.TopicFollower;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.LayoutType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Between deduplication and admission: scores how near a document is to its catalog's targets, by
 * the embedding that it brought or, for a share of the documents, by a model. What cannot be scored
 * goes on without this score; nothing is turned away here, and nothing fails.
 *
 * <p>The order of the stream is kept by Flink, which also keeps what is under way in its snapshots,
 * and stops the stream where {@link #MOST_IN_FLIGHT} documents wait.
 */
public final class EmbedFunction extends RichAsyncFunction<CandidateEvent, CandidateEvent>
        implements ResultTypeQueryable<CandidateEvent> {

    /** Most documents between deduplication and admission; each has at most 192 KiB of text. */
    public static final int MOST_IN_FLIGHT = 512;

    private static final long serialVersionUID = 1;

    private final ScorerOptions options;
    private final TopicLog catalogsLog;
    private final ModelSource source;

    private transient Clock clock;
    private transient Sample sample;
    private transient TargetView view;
    private transient TopicFollower catalogs;
    private transient ScorerCounters counters;
    private transient Optional<Model> model;

    private record Model(String name, EmbeddingBatcher batcher) {}

    /**
     * @param catalogsLog the catalogs topic
     * @param source where the model comes from, if there is one
     */
    public EmbedFunction(ScorerOptions options, TopicLog catalogsLog, ModelSource source) {
        this.options = options;
        this.catalogsLog = catalogsLog;
        this.source = source;
    }

    @Override
    public TypeInformation<CandidateEvent> getProducedType() {
        return LayoutType.of(CandidateEventLayout.INSTANCE);
    }

    /**
     * @throws SuppressRestartsException when the model cannot be loaded: it could not be the next
     *     time
     */
    @Override
    public void open(OpenContext context) {
        clock = Clock.systemUTC();
        sample = options.sample();
        counters = new ScorerCounters(getRuntimeContext().getMetricGroup());
        model = options.hasModel() ? Optional.of(load()) : Optional.empty();
        view = new TargetView(new Contract());
        catalogs = new TopicFollower(catalogsLog, view::apply, 0);
    }

    private Model load() {
        try {
            TextEmbedder embedder =
                    source.load(options, getRuntimeContext().getUserCodeClassLoader());
            return new Model(
                    embedder.model(),
                    new EmbeddingBatcher(
                            embedder, options.batch(), options.patience(), MOST_IN_FLIGHT));
        } catch (EmbeddingException e) {
            throw new SuppressRestartsException(
                    new IllegalArgumentException("--scorer-model: " + e.getMessage(), e));
        }
    }

    @Override
    public void asyncInvoke(CandidateEvent event, ResultFuture<CandidateEvent> result) {
        catalogs.refresh(clock.millis());
        if (!(event instanceof Offered offered)) {
            result.complete(List.of(event));
            return;
        }
        Optional<SimilarityScorer> own =
                offered.embedding().length == 0
                        ? Optional.empty()
                        : view.ofSize(offered.catalog(), offered.embedding().length);
        if (own.isPresent()) {
            counters.own();
            pass(offered, own.get(), offered.embedding(), result);
            return;
        }
        Optional<SimilarityScorer> scorer =
                model.flatMap(known -> view.ofModel(offered.catalog(), known.name()));
        if (scorer.isEmpty()
                || offered.candidate().text().isEmpty()
                || !sample.holds(offered.candidate().id())) {
            pass(offered, result);
            return;
        }
        model.orElseThrow()
                .batcher()
                .submit(offered.candidate().text().get())
                .orTimeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete(
                        (vector, failure) -> {
                            if (failure == null) {
                                counters.embedded();
                                pass(offered, scorer.get(), vector, result);
                            } else {
                                counters.unscored(failure instanceof TimeoutException);
                                pass(offered, result);
                            }
                        });
    }

    private static void pass(Offered offered, ResultFuture<CandidateEvent> result) {
        result.complete(List.of(offered.withScores(offered.scores())));
    }

    private static void pass(
            Offered offered,
            SimilarityScorer scorer,
            float[] vector,
            ResultFuture<CandidateEvent> result) {
        OptionalDouble score = scorer.score(vector);
        if (score.isEmpty()) {
            pass(offered, result);
            return;
        }
        List<DocumentScore> scores = new ArrayList<>(offered.scores());
        scores.add(new DocumentScore(SimilarityScorer.NAME, scorer.version(), score.getAsDouble()));
        result.complete(List.of(offered.withScores(scores)));
    }

    @Override
    public void close() {
        if (model != null) {
            model.ifPresent(known -> known.batcher().close());
        }
        if (catalogs != null) {
            catalogs.close();
        }
    }
}
