package io.sluice.flink.candidate.admit;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.admission.Admission;
import io.sluice.core.candidate.admission.Admission.Result;
import io.sluice.core.candidate.admission.Admission.Verdict;
import io.sluice.core.candidate.admission.GroupStock;
import io.sluice.core.candidate.admission.Need;
import io.sluice.core.candidate.score.DocumentScore;
import io.sluice.core.candidate.score.SimilarityScores;
import io.sluice.core.candidate.score.TextScorers;
import io.sluice.core.candidate.score.TokenPriors;
import io.sluice.core.candidate.score.TokenPriorsState;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.candidate.CandidateRejects;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.TopicFollower;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.flink.mixture.RecentlyUsed;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.GroupStockLayout;
import io.sluice.state.flink.layout.SimilarityScoresLayout;
import io.sluice.state.flink.layout.TokenPriorsLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Third stage, keyed by catalog and group: scores, admits, and keeps the group's books. */
public final class AdmitFunction
        extends KeyedProcessFunction<String, CandidateEvent, OutboundRecord> {

    private static final long serialVersionUID = 1;

    private static final int CACHED_GROUPS = 1_024;

    /** Decisions of each partition that are read at the start: only a run's newest counts. */
    private static final long DECISIONS = 10_000;

    private final CandidateOptions options;
    private final TopicLog catalogsLog;
    private final TopicLog plansLog;
    private final TopicLog acksLog;
    private final TopicLog decisionsLog;

    private transient CandidateRejects rejects;
    private transient CandidateRecords records;
    private transient Admission admission;
    private transient PlanView view;
    private transient TopicFollower catalogs;
    private transient TopicFollower plans;
    private transient TopicFollower acks;
    private transient TopicFollower decisions;
    private transient SourceBooks sources;
    private transient ValueState<GroupStock> stocks;
    private transient ValueState<TokenPriorsState> priors;
    private transient ValueState<SimilarityScores> similarities;
    private transient RecentlyUsed<String, TokenPriors> learned;

    /**
     * @param catalogsLog the catalogs topic
     * @param plansLog the plans topic
     * @param acksLog the acks topic
     * @param decisionsLog the decisions topic
     */
    public AdmitFunction(
            CandidateOptions options,
            TopicLog catalogsLog,
            TopicLog plansLog,
            TopicLog acksLog,
            TopicLog decisionsLog) {
        this.options = options;
        this.catalogsLog = catalogsLog;
        this.plansLog = plansLog;
        this.acksLog = acksLog;
        this.decisionsLog = decisionsLog;
    }

    @Override
    public void open(OpenContext context) {
        Contract contract = new Contract();
        rejects = new CandidateRejects(contract, options, getRuntimeContext().getMetricGroup());
        records = new CandidateRecords(contract, options);
        admission = new Admission(options.admission());
        view = new PlanView(contract);
        catalogs = new TopicFollower(catalogsLog, view::applyCatalog, 0);
        plans = new TopicFollower(plansLog, view::applyPlan, 0);
        acks = new TopicFollower(acksLog, view::applyAck, 0);
        decisions = TopicFollower.ofLatest(DECISIONS, decisionsLog, view::applyDecision, 0);
        learned = new RecentlyUsed<>(CACHED_GROUPS);
        sources = new SourceBooks(getRuntimeContext(), options.remember());
        stocks =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "stock", LayoutType.of(GroupStockLayout.INSTANCE)));
        similarities =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "similarities",
                                        LayoutType.of(SimilarityScoresLayout.INSTANCE)));
        priors =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "priors", LayoutType.of(TokenPriorsLayout.INSTANCE)));
    }

    @Override
    public void processElement(CandidateEvent event, Context context, Collector<OutboundRecord> out)
            throws Exception {
        long now = context.timerService().currentProcessingTime();
        catalogs.refresh(now);
        plans.refresh(now);
        acks.refresh(now);
        decisions.refresh(now);
        if (event instanceof Offered offered) {
            try {
                offer(offered, now, context, out);
            } catch (RuntimeException e) {
                throw RecordFailedException.of(options.positionOf(offered.position()), e);
            }
        } else if (event instanceof Removal removal) {
            remove(removal, out);
        }
        long interval = options.supplyInterval().toMillis();
        context.timerService().registerProcessingTimeTimer((now / interval + 1) * interval);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutboundRecord> out)
            throws Exception {
        String key = context.getCurrentKey();
        int colon = key.indexOf(':');
        out.collect(
                records.supply(
                        key.substring(0, colon), key.substring(colon + 1), stock(), timestamp));
    }

    @Override
    public void close() {
        if (catalogs != null) {
            catalogs.close();
        }
        if (plans != null) {
            plans.close();
        }
        if (acks != null) {
            acks.close();
        }
        if (decisions != null) {
            decisions.close();
        }
    }

    private void offer(Offered offered, long now, Context context, Collector<OutboundRecord> out)
            throws Exception {
        List<DocumentScore> scores = scores(offered, context.getCurrentKey());
        double score = TextScorers.combined(scores);
        long tokens = offered.candidate().tokens();
        double rank = rank(scores, score);
        if (offered.emitted()) {
            stocks.update(admission.again(stock(), tokens, score, now));
            sources.add(offered.candidate());
            return;
        }
        List<Need> needs = view.needs(offered.catalog(), offered.group());
        Result result = admission.judge(stock(), tokens, score, rank, needs, now);
        stocks.update(result.stock());
        if (result.verdict() == Verdict.ADMITTED) {
            sources.add(offered.candidate());
            out.collect(records.admitted(offered, scores, result.weight()));
        } else {
            rejects.reject(
                    offered.candidate().id(),
                    offered.position(),
                    rejection(offered, result, score),
                    context::output);
        }
    }

    private CandidateException rejection(Offered offered, Result result, double score) {
        if (result.verdict() == Verdict.GROUP_FULL) {
            return new CandidateException(
                    Reason.GROUP_FULL,
                    "group '"
                            + offered.group()
                            + "' holds all that is still needed of it: "
                            + result.stock().tokens()
                            + " tokens");
        }
        double least = options.admission().leastScore();
        if (score < least) {
            return new CandidateException(
                    Reason.LOW_SCORE,
                    String.format(
                            Locale.ROOT,
                            "text scores %.3f, and no group takes less than %.3f",
                            score,
                            least));
        }
        return new CandidateException(
                Reason.LOW_SCORE,
                String.format(
                        Locale.ROOT,
                        "text scores %.3f, better than a share of %.2f of group '%s', which wants"
                                + " %.2f at present",
                        score,
                        result.rank(),
                        offered.group(),
                        result.leastRank()));
    }

    /**
     * The document's rank: where its similarity was measured, among those where it was, as soon as
     * there are some; else among all of the group.
     */
    private double rank(List<DocumentScore> scores, double score) throws Exception {
        double amongAll = stock().scores().rank(score);
        Optional<DocumentScore> similarity = TextScorers.similarity(scores);
        if (similarity.isEmpty()) {
            return amongAll;
        }
        int version = similarity.get().version();
        double both = score * similarity.get().value();
        SimilarityScores stored = similarities.value();
        SimilarityScores known = stored == null ? SimilarityScores.NONE : stored;
        similarities.update(known.with(version, both));
        return known.rank(version, both, options.admission().warmUpDocuments()).orElse(amongAll);
    }

    private List<DocumentScore> scores(Offered offered, String key) throws Exception {
        if (offered.candidate().text().isEmpty()) {
            return offered.scores();
        }
        NormalisedText words = NormalisedText.of(offered.candidate().text().get());
        TokenPriors group = learned.get(key);
        if (group == null) {
            TokenPriorsState stored = priors.value();
            group = stored == null ? new TokenPriors() : new TokenPriors(stored);
            learned.put(key, group);
        }
        List<DocumentScore> scores = new ArrayList<>(offered.scores());
        group.score(words).ifPresent(scores::add);
        if (!group.isLearned()) {
            group.learn(words);
            priors.update(group.state());
        }
        return scores;
    }

    private void remove(Removal removal, Collector<OutboundRecord> out) throws Exception {
        SourceBooks.Removed removed =
                removal.source().isEmpty()
                        ? sources.removeDocument(removal.documentId())
                        : sources.removeSource(removal.source());
        if (removed.documents() > 0) {
            stocks.update(stock().remove(removed.documents(), removed.tokens()));
            out.collect(records.removed(removal, removed.documents(), removed.tokens()));
        }
    }

    private GroupStock stock() throws Exception {
        GroupStock stock = stocks.value();
        return stock == null ? GroupStock.EMPTY : stock;
    }
}
