package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerSession;
import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolException;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Trains a small byte-level transformer on a corpus, by the plans of a session.
 *
 * <p>A step is one micro-batch for each draw of its plan. Once a round, where the session says so,
 * two small batches of every group and of every target that is steered to are passed through the
 * weights before they are updated; their gradients are sketched and not applied. The groups'
 * batches come from a pass of their own through the text, so that measuring changes nothing of what
 * is trained on.
 *
 * <p>To be used from one thread. On a CPU, equal options, corpus, plans and number of threads give
 * equal bits.
 */
public final class DjlTrainer implements AutoCloseable {

    private static final int EVALUATION_BATCH = 16;

    /** The rows that are measured do not depend on the run's seed: runs are compared on them. */
    private static final long EVALUATION_SEED = 0;

    /** Batches of a subject that are measured: one for each half of a signal. */
    private static final int BATCHES = 2;

    private static final float[] NO_SKETCH = {};

    private final TrainerOptions options;
    private final TrainingListener listener;
    private final TrainerSession session;
    private final Optional<DocumentPool> pool;
    private final Map<Subject, TextRows> rows = new TreeMap<>();
    private final Map<Subject, ByteRows> probes = new TreeMap<>();
    private final Map<TargetId, byte[][]> evaluationRows = new TreeMap<>();
    private final Set<TargetId> steeredTo = new TreeSet<>();

    private final NDManager manager;
    private final Parameters parameters;
    private final LanguageModel model;
    private final AdamW optimizer;
    private final Optional<NativeSketch> sketch;
    private final Optional<WeightAverage> average;

    private long updates;
    private long tokens;

    /** What a draw takes. */
    private record Taken(GroupId group, byte[][] rows) {}

    private DjlTrainer(
            CorpusManifest corpus,
            TrainerOptions options,
            TrainingListener listener,
            TrainerSession session,
            Optional<DocumentPool> pool,
            Optional<DjlCheckpoint> checkpoint) {
        this.options = options;
        this.pool = pool;
        this.listener = listener;
        this.session = session;
        loadRows(corpus);
        checkpoint.ifPresent(this::goOnFrom);
        if (session.resumeStep() != updates) {
            throw new TrainingException(
                    "the session resumes at step "
                            + session.resumeStep()
                            + ", the weights at step "
                            + updates
                            + "; open the session with the checkpoint that the weights come from");
        }
        int period = options.sketch().map(SketchSpec::dimension).orElse(1);
        ParameterLayout layout = ParameterLayout.of(options.model().tensors(), period);
        float[] zeros = new float[layout.length()];
        this.manager = TorchEngine.open(options.compute());
        this.parameters =
                new Parameters(
                        manager,
                        layout,
                        checkpoint
                                .map(from -> layout.join(from.weights()))
                                .orElseGet(
                                        () -> LanguageModel.initialValues(layout, options.seed())));
        this.model = new LanguageModel(manager, options.model(), parameters);
        this.optimizer =
                new AdamW(
                        options.optimizer(),
                        manager,
                        checkpoint.map(from -> layout.join(from.means())).orElse(zeros),
                        checkpoint.map(from -> layout.join(from.variances())).orElse(zeros));
        this.sketch = options.sketch().map(spec -> new NativeSketch(manager, layout, spec));
        this.average =
                options.averaging() > 0
                        ? Optional.of(new WeightAverage(options.averaging(), parameters.values()))
                        : Optional.empty();
    }

    /**
     * A trainer with fresh weights.
     *
     * @param session a session that resumes at step 0; not closed by the trainer
     * @throws CorpusException when a file of the corpus cannot be used
     * @throws TrainingException when the session resumes at another step
     */
    public static DjlTrainer start(
            CorpusManifest corpus,
            TrainerOptions options,
            TrainingListener listener,
            TrainerSession session) {
        return new DjlTrainer(
                corpus, options, listener, session, Optional.empty(), Optional.empty());
    }

    /**
     * A trainer that goes on where a checkpoint was saved.
     *
     * @param session a session that was opened with {@code checkpoint.session()}
     * @throws CorpusException when a file of the corpus cannot be used
     * @throws CheckpointException when the checkpoint is of another model, seed or corpus
     * @throws TrainingException when the session resumes at another step
     */
    public static DjlTrainer resume(
            CorpusManifest corpus,
            TrainerOptions options,
            TrainingListener listener,
            TrainerSession session,
            DjlCheckpoint checkpoint) {
        return new DjlTrainer(
                corpus, options, listener, session, Optional.empty(), Optional.of(checkpoint));
    }

    /**
     * A trainer whose groups' text comes from a pool, while documents arrive there. Groups may come
     * and go; a draw of one that has no document is left out of its step.
     *
     * @param corpus its targets are used, and nothing of its groups
     * @param checkpoint where to go on; empty for fresh weights
     * @throws CorpusException when a file of the corpus cannot be used
     * @throws CheckpointException when the checkpoint is of another model, seed or corpus
     * @throws TrainingException when the session resumes at another step
     */
    public static DjlTrainer stream(
            CorpusManifest corpus,
            TrainerOptions options,
            TrainingListener listener,
            TrainerSession session,
            DocumentPool pool,
            Optional<DjlCheckpoint> checkpoint) {
        return new DjlTrainer(corpus, options, listener, session, Optional.of(pool), checkpoint);
    }

    /** The step that comes next. */
    public long nextStep() {
        return updates;
    }

    /**
     * Takes steps.
     *
     * @param until the first step not to be taken
     * @throws TrainingException when a loss or a gradient is not finite, a plan draws a group that
     *     the corpus does not have, or a step finds no text at all; the trainer cannot be used any
     *     more
     */
    public void train(long until) {
        while (updates < until) {
            step(updates);
        }
    }

    /**
     * Saves the state after the last step.
     *
     * @param file replaced as a whole or not at all
     * @throws CheckpointException when the file cannot be written
     */
    public void save(Path file) {
        ParameterLayout layout = parameters.layout();
        Map<Subject, DjlCheckpoint.Cursor> cursors = new TreeMap<>();
        rows.forEach((subject, text) -> cursors.put(subject, text.cursor()));
        CheckpointFile.write(
                file,
                new DjlCheckpoint(
                        options.model(),
                        options.seed(),
                        updates,
                        tokens,
                        layout.part(parameters.values()),
                        layout.part(optimizer.mean()),
                        layout.part(optimizer.variance()),
                        cursors,
                        session.checkpoint(updates)));
        session.checkpointSaved(updates);
    }

    /**
     * Says that no checkpoint from before one is kept any more, so that a pool may evict the
     * documents that were drawn before it. From an earlier checkpoint training cannot resume
     * thereafter. A pool whose folder takes no writes at the moment evicts nothing; the next
     * release frees what this one did not. Text that is not a pool's is not affected.
     *
     * @param oldest the oldest checkpoint that is kept
     */
    public void release(DjlCheckpoint oldest) {
        Map<GroupId, Long> occurrences = new TreeMap<>();
        oldest.cursors()
                .forEach(
                        (subject, cursor) -> {
                            if (subject.isGroup()) {
                                occurrences.put(new GroupId(subject.id()), cursor.epoch());
                            }
                        });
        try {
            pool.ifPresent(documents -> documents.release(occurrences));
        } catch (PoolException e) {
            // Room is not worth a stop of the training; the pool's status says what is wrong.
        }
    }

    /** Frees the weights. The session stays open. */
    @Override
    public void close() {
        manager.close();
    }

    private void step(long step) {
        StepPlan plan = session.plan(step);
        if (session.measures(step)) {
            sketch.ifPresent(spec -> measure(spec, plan));
        }
        Map<GroupId, TokenLosses> losses = trainOnDraws(plan);
        double learningRate = options.learningRate().at(step);
        double gradientNorm = optimizer.step(parameters, step + 1, learningRate);
        TokenLosses all = losses.values().stream().reduce(TokenLosses.NONE, TokenLosses::plus);
        updates++;
        tokens += all.tokens();
        average.ifPresent(mean -> mean.add(parameters.values()));
        if (updates % options.rows().evaluationEvery() == 0) {
            average.ifPresentOrElse(
                    mean -> parameters.with(mean.values(), () -> evaluate(step)),
                    () -> evaluate(step));
        }
        session.endStep(step, learningRate);
        Map<GroupId, Double> means = new TreeMap<>();
        Map<GroupId, Long> drawn = new TreeMap<>();
        losses.forEach(
                (group, loss) -> {
                    means.put(group, loss.mean());
                    drawn.put(group, loss.tokens());
                });
        listener.onStep(
                new TrainingListener.StepReport(
                        step,
                        plan.version(),
                        tokens,
                        all.mean(),
                        means,
                        drawn,
                        gradientNorm,
                        learningRate));
    }

    /** Forward and backward for each draw: leaves the gradient of the step's mean loss. */
    private Map<GroupId, TokenLosses> trainOnDraws(StepPlan plan) {
        List<Taken> draws = new ArrayList<>();
        int allRows = 0;
        for (GroupId group : plan.draws()) {
            byte[][] taken = take(group, options.rows().perDraw());
            if (taken.length > 0) {
                draws.add(new Taken(group, taken));
                allRows += taken.length;
            }
        }
        if (draws.isEmpty()) {
            throw new TrainingException(
                    "no group that step "
                            + updates
                            + " draws has a document; start when the pool holds some");
        }
        float share = 1f / (allRows * options.model().context());
        Map<GroupId, TokenLosses> losses = new TreeMap<>();
        for (Taken draw : draws) {
            Subject subject = Subject.of(draw.group());
            TokenLosses loss = backward(subject, draw.rows(), share);
            record(subject, draw.rows().length, loss, NO_SKETCH, false);
            losses.merge(draw.group(), loss, TokenLosses::plus);
        }
        return losses;
    }

    /** Sketches the gradients of groups and targets; leaves the gradient at zero, where it was. */
    private void measure(NativeSketch sketch, StepPlan plan) {
        if (options.preconditioned()) {
            sketch.precondition(optimizer, options.model().parameters());
        }
        for (TargetId target : steeredTo) {
            Subject subject = Subject.of(target);
            measure(sketch, subject, rows.get(subject)::take, options.rows().perTargetBatch());
        }
        int rowsPerBatch = options.rows().perGroupBatch();
        probes.forEach(
                (group, text) -> {
                    text.seek(plan.step() * BATCHES * rowsPerBatch);
                    measure(sketch, group, text::take, rowsPerBatch);
                });
        pool.ifPresent(
                documents -> {
                    for (GroupId group : plan.mixture().groups()) {
                        PoolProbes text =
                                new PoolProbes(
                                        group,
                                        documents,
                                        options.model().rowLength(),
                                        options.seed(),
                                        plan.step());
                        measure(sketch, Subject.of(group), text::take, rowsPerBatch);
                    }
                });
    }

    private void measure(
            NativeSketch sketch, Subject subject, IntFunction<byte[][]> text, int rowsPerBatch) {
        for (int batch = 0; batch < BATCHES; batch++) {
            byte[][] taken = text.apply(rowsPerBatch);
            if (taken.length == 0) {
                return;
            }
            TokenLosses loss = backward(subject, taken, 1);
            record(subject, taken.length, loss, sketch.of(parameters), subject.isGroup());
            parameters.zeroGradient();
        }
    }

    private void evaluate(long step) {
        evaluationRows.forEach(
                (target, all) -> {
                    TokenLosses loss = TokenLosses.NONE;
                    for (int i = 0; i < all.length; i += EVALUATION_BATCH) {
                        int end = Math.min(all.length, i + EVALUATION_BATCH);
                        loss = loss.plus(forward(Arrays.copyOfRange(all, i, end)));
                    }
                    requireFinite(Subject.of(target), loss);
                    if (steeredTo.contains(target)) {
                        session.evaluation(target, loss.mean(), loss.tokens());
                    }
                    listener.onEvaluation(
                            new TrainingListener.Evaluation(step, tokens, target, loss.mean()));
                });
    }

    /** Adds {@code factor} times the gradient of the rows' summed loss to the gradient. */
    private TokenLosses backward(Subject subject, byte[][] rows, float factor) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray scale = scope.create(factor);
            float[] losses =
                    Autograd.recording(
                            () -> {
                                NDArray each = model.losses(scope, rows);
                                Autograd.backward(each.sum(), scale);
                                return each.toFloatArray();
                            });
            return requireFinite(subject, TokenLosses.of(losses));
        }
    }

    private TokenLosses forward(byte[][] rows) {
        try (NDManager scope = manager.newSubManager()) {
            return TokenLosses.of(
                    Autograd.notRecording(() -> model.losses(scope, rows).toFloatArray()));
        }
    }

    private void record(
            Subject subject, int sequences, TokenLosses loss, float[] sketch, boolean probe) {
        session.record(
                new Observation(
                        subject,
                        loss.tokens(),
                        sequences,
                        loss.sum(),
                        loss.squareSum(),
                        sketch,
                        probe));
    }

    private byte[][] take(GroupId group, int count) {
        TextRows text = rowsOf(group);
        if (pool.isPresent()) {
            return text.take(count);
        }
        long epoch = text.cursor().epoch();
        byte[][] taken = text.take(count);
        for (long next = epoch + 1; next <= text.cursor().epoch(); next++) {
            listener.onWrap(group, next);
        }
        return taken;
    }

    private TextRows rowsOf(GroupId group) {
        Subject subject = Subject.of(group);
        pool.ifPresent(
                documents ->
                        rows.computeIfAbsent(
                                subject,
                                absent ->
                                        new PoolRows(
                                                group,
                                                documents,
                                                options.model().rowLength(),
                                                listener)));
        if (!rows.containsKey(subject)) {
            throw new TrainingException(
                    "the plan of step " + updates + " draws " + group + ", not in the corpus");
        }
        return rows.get(subject);
    }

    private TokenLosses requireFinite(Subject subject, TokenLosses loss) {
        if (!Double.isFinite(loss.sum())) {
            throw new TrainingException(
                    "after "
                            + updates
                            + " updates, the loss of "
                            + subject.id()
                            + " is "
                            + loss.sum()
                            + "; go back to a checkpoint and lower the learning rate");
        }
        return loss;
    }

    private void loadRows(CorpusManifest corpus) {
        if (pool.isEmpty()) {
            for (CorpusManifest.Group group : corpus.groups()) {
                addGroup(group);
            }
        }
        for (CorpusManifest.Target target : corpus.targets()) {
            if (target.weight() > 0) {
                addRows(Subject.of(target.id()), target.dev());
                steeredTo.add(target.id());
            }
            ByteRows test = rowsOf("test text of " + target.id(), target.test(), EVALUATION_SEED);
            evaluationRows.put(
                    target.id(), test.take(Math.min(test.size(), options.rows().perEvaluation())));
        }
    }

    private void addGroup(CorpusManifest.Group group) {
        Subject subject = Subject.of(group.id());
        addRows(subject, group.text());
        if (options.sketch().isPresent()) {
            probes.put(subject, rowsOf("probes of " + group.id(), group.text(), options.seed()));
        }
    }

    private void addRows(Subject subject, CorpusText text) {
        String name = subject.kind() + " " + subject.id();
        rows.put(subject, rowsOf(name, text, options.seed()));
    }

    private ByteRows rowsOf(String name, CorpusText text, long seed) {
        return new ByteRows(name, text.read(), options.model().rowLength(), seed);
    }

    private void goOnFrom(DjlCheckpoint checkpoint) {
        requireSame("model", checkpoint.model(), options.model());
        requireSame("seed", checkpoint.seed(), options.seed());
        if (pool.isPresent()) {
            checkpoint.cursors().keySet().stream()
                    .filter(subject -> subject.kind() == Subject.Kind.GROUP)
                    .forEach(subject -> rowsOf(new GroupId(subject.id())));
        }
        requireSame("texts", checkpoint.cursors().keySet(), rows.keySet());
        checkpoint.cursors().forEach((subject, cursor) -> rows.get(subject).seek(cursor));
        updates = checkpoint.updates();
        tokens = checkpoint.tokens();
    }

    private static void requireSame(String field, Object checkpoint, Object here) {
        if (!checkpoint.equals(here)) {
            throw new CheckpointException(
                    "the checkpoint's "
                            + field
                            + " is not that of the options and the corpus: "
                            + checkpoint
                            + " against "
                            + here);
        }
    }
}
