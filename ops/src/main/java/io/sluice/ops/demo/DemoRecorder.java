package io.sluice.ops.demo;

import io.sluice.bridge.BridgeListener;
import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.Seal;
import io.sluice.djl.CorpusManifest;
import io.sluice.djl.TrainingListener;
import io.sluice.ops.page.RunHistory;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** Hears trainer, bridge and job, shows the page what happened, and adds up the summary. */
final class DemoRecorder implements TrainingListener, BridgeListener {

    /** Evaluations that the last loss is the mean of. */
    private static final int LAST_EVALUATIONS = 5;

    private static final int UNANSWERED_ROUNDS = 10;

    private final RunSpec spec;
    private final CorpusManifest corpus;
    private final RunHistory history;
    private final Optional<StreamBooks> stream;
    private final Latencies latencies = new Latencies();
    private final Set<Long> accepted = new HashSet<>();
    private final Set<Long> applied = new HashSet<>();
    private final Map<String, List<Double>> evaluations = new HashMap<>();
    private final Map<String, Long> drawnTokens = new HashMap<>();

    private Mixture mixture;
    private long version;
    private long refused;
    private long dropped;
    private long rejected;
    private long rounds;
    private long decisions;
    private long counted;
    private long duplicates;
    private long late;
    private long tokens;
    private long steps;
    private double loss;
    private long startNanos;
    private double seconds;

    /**
     * @param stream the books of what arrives; empty in the plain demo
     */
    DemoRecorder(
            RunSpec spec, CorpusManifest corpus, RunHistory history, Optional<StreamBooks> stream) {
        this.spec = spec;
        this.corpus = corpus;
        this.history = history;
        this.stream = stream;
        this.mixture = spec.prior();
        history.mixture(0, 0, mixture.weights());
    }

    /** Training begins now. */
    synchronized void start() {
        startNanos = System.nanoTime();
    }

    @Override
    public synchronized void onStep(StepReport report) {
        steps = report.step() + 1;
        tokens = report.tokens();
        loss = report.meanLoss();
        report.groupTokens()
                .forEach((group, drawn) -> drawnTokens.merge(group.value(), drawn, Long::sum));
        seconds = (System.nanoTime() - startNanos) / 1e9;
        if (accepted.contains(report.planVersion())) {
            applied.add(report.planVersion());
        }
        history.progress(steps, tokens, tokens / seconds, loss);
        history.plans(accepted.size() + refused, applied.size(), refused);
        stream.ifPresent(books -> history.stream(books.figures()));
    }

    @Override
    public synchronized void onDocument(GroupId group, DrawnDocument drawn) {
        stream.ifPresent(books -> books.drawn(steps, group, drawn));
    }

    @Override
    public void onNothing(GroupId group) {
        stream.ifPresent(StreamBooks::nothing);
    }

    @Override
    public synchronized void onEvaluation(Evaluation evaluation) {
        String id = evaluation.target().value();
        evaluations.computeIfAbsent(id, name -> new ArrayList<>()).add(evaluation.meanLoss());
        history.targetLoss(
                evaluation.step() + 1,
                spec.targetIndex(evaluation.target()),
                evaluation.meanLoss());
    }

    @Override
    public synchronized void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
        accepted.add(plan.version());
        nanosSinceRoundClosed.ifPresent(latencies::add);
        history.latency(
                latencies.percentileMillis(0.5) / 1e3, latencies.percentileMillis(0.99) / 1e3);
    }

    @Override
    public synchronized void planRefused(PlanAck ack) {
        refused++;
    }

    @Override
    public synchronized void sealed(Seal seal) {
        if (seal.plan().version() != version) {
            version = seal.plan().version();
            mixture = seal.plan().mixture();
            history.mixture(seal.fromStep(), version, mixture.weights());
        }
    }

    @Override
    public synchronized void roundSent(long round, int acknowledged, int lost) {
        dropped += lost;
        rounds++;
        showSignals();
    }

    /** The mixture job said something. */
    void heard(SpecificRecord record) {
        if (record instanceof Decision decision) {
            decided(decision);
        } else if (record instanceof Rejected refused && !StreamBooks.isCandidate(refused)) {
            rejected();
        }
    }

    private synchronized void decided(Decision decision) {
        counted = decision.getAccepted();
        duplicates = decision.getDuplicates();
        late = decision.getLate();
        decisions++;
        DecisionView.show(decision, history);
        showSignals();
    }

    private synchronized void rejected() {
        rejected++;
        showSignals();
    }

    /** One line on where the run stands. */
    synchronized String progress() {
        double poor = 0;
        for (CorpusManifest.Group group : corpus.groups()) {
            poor += group.poor() ? mixture.weight(group.id()) : 0;
        }
        return String.format(
                "%,.0f tokens/s  loss %.3f  plan %d  poor groups %.1f %%",
                seconds > 0 ? tokens / seconds : 0, loss, version, 100 * poor);
    }

    /** Whether rounds were sent for a while and none was decided: the job does not work. */
    synchronized boolean isUnanswered() {
        return rounds >= UNANSWERED_ROUNDS && decisions == 0;
    }

    synchronized long steps() {
        return steps;
    }

    synchronized DemoSummary summary(Path report) {
        return new DemoSummary(
                spec.policy().name(),
                spec.seed(),
                steps,
                tokens,
                seconds,
                new DemoSummary.Plans(accepted.size() + refused, applied.size(), refused),
                spec.groups().stream().map(this::group).toList(),
                spec.targets().stream().map(this::target).toList(),
                new DemoSummary.Latency(
                        latencies.percentileMillis(0.5), latencies.percentileMillis(0.99)),
                new DemoSummary.Signals(counted, duplicates, late, rejected, dropped),
                stream.map(StreamBooks::summary).orElse(null),
                report);
    }

    private DemoSummary.Group group(GroupSpec group) {
        boolean poor =
                corpus.groups().stream()
                        .anyMatch(known -> known.id().equals(group.id()) && known.poor());
        String id = group.id().value();
        return new DemoSummary.Group(
                id,
                poor,
                group.prior(),
                mixture.weight(group.id()),
                drawnTokens.getOrDefault(id, 0L));
    }

    private DemoSummary.Target target(TargetSpec target) {
        List<Double> losses = evaluations.getOrDefault(target.id().value(), List.of());
        List<Double> last =
                losses.subList(Math.max(0, losses.size() - LAST_EVALUATIONS), losses.size());
        return new DemoSummary.Target(
                target.id().value(),
                target.weight(),
                losses.isEmpty() ? 0 : losses.get(0),
                last.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }

    private void showSignals() {
        history.signals(counted, duplicates, late, rejected, dropped);
    }
}
