package io.sluice.flink.candidate.validate;

import io.sluice.core.candidate.Candidate;
import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.CandidateRules;
import io.sluice.core.candidate.decontamination.Decontaminator.Overlap;
import io.sluice.core.candidate.dedup.Fingerprint;
import io.sluice.core.candidate.dedup.MinHasher;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.score.TextScorers;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.candidate.CandidateRejects;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.TopicFollower;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.Contract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * First stage, chained to the source so that a partition's order is kept: checks a document, keeps
 * text of targets out, and computes all that needs the text but no state.
 */
public final class ValidateFunction extends ProcessFunction<RawRecord, CandidateEvent> {

    private static final long serialVersionUID = 1;

    /** For so long an unknown group stays unknown, whatever the catalogs topic says by then. */
    private static final long UNKNOWN_MILLIS = 1_000;

    private static final int MOST_UNKNOWN = 1_024;

    private final CandidateOptions options;
    private final TopicLog catalogsLog;

    private transient Contract contract;
    private transient CandidateRejects rejects;
    private transient CatalogView view;
    private transient TopicFollower catalogs;
    private transient MinHasher hasher;
    private transient Map<String, Long> unknownUntil;

    /**
     * @param catalogsLog the catalogs topic
     */
    public ValidateFunction(CandidateOptions options, TopicLog catalogsLog) {
        this.options = options;
        this.catalogsLog = catalogsLog;
    }

    @Override
    public void open(OpenContext context) {
        contract = new Contract();
        rejects = new CandidateRejects(contract, options, getRuntimeContext().getMetricGroup());
        view = new CatalogView(contract, options.overlap(), options.filterNgrams());
        catalogs = new TopicFollower(catalogsLog, view::apply, 0);
        hasher = new MinHasher(options.minHash());
        unknownUntil =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                        return size() > MOST_UNKNOWN;
                    }
                };
    }

    @Override
    public void processElement(RawRecord raw, Context context, Collector<CandidateEvent> out) {
        long now = context.timerService().currentProcessingTime();
        catalogs.refresh(now);
        refuse(context);
        try {
            options.requireNotSkipped(raw);
            out.collect(validate(raw, now));
        } catch (CandidateException e) {
            rejects.reject(raw, e, context::output);
        } catch (RuntimeException e) {
            throw RecordFailedException.of(raw.position(), e);
        }
    }

    /** All tasks refuse the same; one of them says so. */
    private void refuse(Context context) {
        for (CatalogView.Refusal refusal : view.takeRefusals()) {
            if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
                rejects.reject(refusal.raw(), refusal.why(), context::output);
            }
        }
    }

    @Override
    public void close() {
        if (catalogs != null) {
            catalogs.close();
        }
    }

    private Offered validate(RawRecord raw, long now) throws CandidateException {
        SpecificRecord value = CatalogRecords.decode(raw, contract);
        if (!(value instanceof CandidateDocument document)) {
            throw new CandidateException(
                    Reason.WRONG_TOPIC,
                    value.getClass().getSimpleName() + " does not belong on " + raw.topic());
        }
        Candidate candidate = CandidateRules.check(fields(document));
        requireOpen(candidate, document.getEmbedding().size(), now);
        Position position = new Position(raw.partition(), raw.offset());
        if (candidate.text().isEmpty()) {
            Fingerprint address = Fingerprint.ofAddress(candidate.uri().orElseThrow());
            return new Offered(candidate, position, address, List.of(), embedding(document), false);
        }
        String text = candidate.text().get();
        NormalisedText words = NormalisedText.of(text);
        if (words.size() == 0) {
            throw new CandidateException(Reason.NOT_TEXT, "text holds no word");
        }
        Optional<Overlap> overlap = view.decontaminator(candidate.catalog()).overlap(words);
        if (overlap.isPresent()) {
            throw new CandidateException(
                    Reason.CONTAMINATED,
                    "text shares "
                            + overlap.get().ngrams()
                            + " runs of 13 words with target '"
                            + overlap.get().target()
                            + "'");
        }
        return new Offered(
                candidate,
                position,
                hasher.fingerprint(words),
                TextScorers.score(text, words),
                embedding(document),
                false);
    }

    /**
     * A group may have been announced a moment ago: before one is called unknown, all that was
     * written to the catalogs topic is read.
     */
    private void requireOpen(Candidate candidate, int embedding, long now)
            throws CandidateException {
        if (!view.knows(candidate.catalog(), candidate.group())) {
            String key = candidate.catalog() + ':' + candidate.group();
            if (unknownUntil.getOrDefault(key, Long.MIN_VALUE) <= now) {
                catalogs.refreshNow(now);
                unknownUntil.put(key, now + UNKNOWN_MILLIS);
            }
        }
        view.requireOpen(candidate.catalog(), candidate.group(), embedding);
    }

    private static CandidateRules.Fields fields(CandidateDocument document) {
        byte[] text = new byte[document.getText().remaining()];
        document.getText().duplicate().get(text);
        return new CandidateRules.Fields(
                document.getId(),
                document.getCatalog(),
                document.getGroup(),
                document.getSource(),
                document.getLanguage(),
                text,
                document.getUri(),
                document.getTokens(),
                document.getMetadata(),
                embedding(document));
    }

    private static float[] embedding(CandidateDocument document) {
        float[] embedding = new float[document.getEmbedding().size()];
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] = document.getEmbedding().get(i);
        }
        return embedding;
    }
}
