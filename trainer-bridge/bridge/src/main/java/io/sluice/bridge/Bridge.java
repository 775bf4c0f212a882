package io.sluice.bridge;

import io.sluice.bridge.pool.DocumentPool;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.signal.Signal;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Connects one run's trainer to the log. One bridge per run, one attempt at a time.
 *
 * <pre>{@code
 * try (Bridge bridge = Bridge.open(BridgeOptions.of("localhost:9092", folder), spec, listener);
 *         TrainerSession session = bridge.start()) {
 *     ...
 * }
 * }</pre>
 */
public final class Bridge implements AutoCloseable {

    /** The pool's folder in the state folder. */
    private static final String DOCUMENTS = "documents";

    private final Surroundings around;
    private final RunSpec spec;
    private final Declaration declaration;
    private Optional<DocumentPool> documents = Optional.empty();
    private Optional<DocumentFeed> feed = Optional.empty();
    private Optional<OpenAttempt> current = Optional.empty();
    private boolean closed;

    private Bridge(Surroundings around, Declaration declaration) {
        this.around = around;
        this.spec = around.spec();
        this.declaration = declaration;
    }

    /**
     * Opens the state folder, checks that the topics exist and declares the run. Where the log does
     * not answer within its time limits, the bridge opens all the same, and checks and declares
     * when the log is back.
     *
     * @param run the run; its digest is filled in when empty
     * @throws MissingTopicsException when the log answers and lacks topics
     * @throws StoreException when the state folder is locked, damaged or not usable
     * @throws io.sluice.bridge.pool.PoolException when the same is true of the pool's folder, or it
     *     is of another run or catalog
     * @throws IllegalArgumentException when the declaration carries a digest that is not its own
     * @throws org.apache.kafka.common.config.ConfigException when a Kafka setting can never work
     */
    public static Bridge open(BridgeOptions options, RunSpec run, BridgeListener listener) {
        return open(
                options, run, listener, new KafkaLog(options), BridgeStore::open, System::nanoTime);
    }

    static Bridge open(
            BridgeOptions options,
            RunSpec run,
            BridgeListener listener,
            RecordLog log,
            Function<Path, BridgeStore> stores,
            LongSupplier nanoTime) {
        RunSpec spec = Records.declared(run);
        Declaration declaration = new Declaration(spec, options.topicPrefix(), log);
        BridgeMetrics metrics = new BridgeMetrics(spec);
        Faults faults = new Faults(metrics);
        BridgeStore store = stores.apply(options.stateFolder());
        Bridge bridge =
                new Bridge(
                        new Surroundings(
                                options,
                                spec,
                                log,
                                store,
                                nanoTime,
                                metrics,
                                faults,
                                new GuardedListener(listener, faults)),
                        declaration);
        try {
            store.highestEpoch(spec.runId());
            store.lastSealed(spec.runId());
            bridge.declare();
            bridge.openPool();
            return bridge;
        } catch (RuntimeException e) {
            bridge.close();
            throw e;
        }
    }

    /** The run as it is declared, with its digest. */
    public RunSpec spec() {
        return spec;
    }

    /** What the bridge counts. */
    public BridgeMetrics metrics() {
        return around.metrics();
    }

    /**
     * The documents that are held for the trainer; empty where the options ask for none. Closed
     * with the bridge.
     */
    public Optional<DocumentPool> documents() {
        return documents;
    }

    /**
     * What this folder knows of the run's last attempt: its last sealed step's plan, and the step
     * after that. For a trainer that outlived its bridge; one that comes back from its own
     * checkpoint goes by that.
     *
     * @throws StoreException when the folder cannot be read
     */
    public Optional<TrainerCheckpoint> lastSealed() {
        return around.store().lastSealed(spec.runId());
    }

    /**
     * Starts an attempt at step 0 with the prior. Does not wait for the log: the attempt gets its
     * number when the log answers, and signals of rounds that end before are dropped.
     *
     * @throws IllegalStateException when another attempt is open, or the bridge is closed
     */
    public TrainerSession start() {
        return start(beginning(0));
    }

    /**
     * Starts an attempt where a checkpoint was taken, with its mixture and its draws. Does not wait
     * for the log.
     *
     * @throws IllegalArgumentException when the checkpoint is of another run or of other groups, or
     *     was altered
     * @throws IllegalStateException when another attempt is open, or the bridge is closed
     */
    public TrainerSession start(TrainerCheckpoint checkpoint) {
        OpenAttempt attempt = begin(checkpoint);
        int halves = Signal.PARTS * (spec.groups().size() + spec.targets().size());
        SketchPool pool = new SketchPool(spec.sketch().dimension(), 2 * halves);
        return new AttemptSession(spec, attempt, new RoundRecorder(spec, pool, around.nanoTime()));
    }

    /**
     * Starts an attempt of a trainer in another process. Does not wait for the log.
     *
     * @param checkpoint where it goes on; {@link #beginning} for one that has none
     * @throws IllegalArgumentException when the checkpoint is of another run or of other groups, or
     *     was altered
     * @throws IllegalStateException when another attempt is open, or the bridge is closed
     * @throws StoreException when the folder cannot be read
     */
    public RelaySession relay(TrainerCheckpoint checkpoint) {
        return new RelaySession(spec, checkpoint, begin(checkpoint));
    }

    /** Where a trainer without a checkpoint begins: with the prior, drawn from that step on. */
    public TrainerCheckpoint beginning(long step) {
        return new TrainerCheckpoint(spec.runId(), step, Records.prior(spec), step);
    }

    /**
     * Checks that an attempt could go on from a checkpoint.
     *
     * @throws IllegalArgumentException when it is of another run or of other groups, or was altered
     */
    public void require(TrainerCheckpoint checkpoint) {
        Plan plan = checkpoint.plan();
        if (!checkpoint.runId().equals(spec.runId()) || !plan.runId().equals(spec.runId())) {
            throw new IllegalArgumentException(
                    "the checkpoint is of run "
                            + checkpoint.runId()
                            + " and the bridge is of run "
                            + spec.runId());
        }
        if (!plan.mixture().groups().equals(spec.groupIds())) {
            throw new IllegalArgumentException(
                    "the checkpoint's plan and the declaration of run "
                            + spec.runId()
                            + " do not have the same groups: declare the groups that the"
                            + " checkpoint was trained with");
        }
        if (!Records.digest(plan).equals(plan.digest())) {
            throw new IllegalArgumentException(
                    "plan "
                            + plan.version()
                            + " of the checkpoint does not match its digest: the checkpoint was"
                            + " altered");
        }
        if (checkpoint.planFirstStep() > checkpoint.nextStep()) {
            throw new IllegalArgumentException(
                    "the checkpoint's plan begins at step "
                            + checkpoint.planFirstStep()
                            + ", after the step "
                            + checkpoint.nextStep()
                            + " to resume at");
        }
    }

    /** What the bridge knows of itself now. */
    public synchronized BridgeStatus status() {
        Optional<OpenAttempt> open = current.filter(attempt -> !attempt.isStopped());
        Map<String, Long> faults = new TreeMap<>();
        around.faults()
                .counts()
                .forEach((place, count) -> faults.put(BridgeMetrics.label(place), count));
        return new BridgeStatus(
                open.map(attempt -> attempt.leases().number()).orElse(OptionalLong.empty()),
                open.map(OpenAttempt::state).orElse(around.faults().logState()),
                open.map(attempt -> attempt.leases().inForce()).orElse(Records.prior(spec)),
                open.map(attempt -> attempt.leases().sealed()).orElse(OptionalLong.empty()),
                current.map(OpenAttempt::lastRound).orElse(OptionalLong.empty()),
                around.metrics().acknowledged(),
                around.metrics().dropped(),
                current.map(OpenAttempt::queuedRounds).orElse(0),
                faults,
                storeWorks());
    }

    /**
     * Ends the attempt, if one is open, then the connection to the log, then the store, within
     * little more than twice the close timeout. Safe to call twice.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        current.ifPresent(OpenAttempt::close);
        feed.ifPresent(DocumentFeed::close);
        around.log().close(around.options().closeTimeout());
        documents.ifPresent(DocumentPool::close);
        around.store().close();
    }

    private synchronized OpenAttempt begin(TrainerCheckpoint checkpoint) {
        require(checkpoint);
        if (closed) {
            throw new IllegalStateException("the bridge is closed: open another one");
        }
        if (current.isPresent() && !current.get().isStopped()) {
            throw new IllegalStateException(
                    "run " + spec.runId() + " has an open attempt: close its session first");
        }
        current.ifPresent(OpenAttempt::supersede);
        OpenAttempt attempt = OpenAttempt.begin(around, declaration, checkpoint);
        current = Optional.of(attempt);
        return attempt;
    }

    private void openPool() {
        documents =
                around.options()
                        .pool()
                        .map(
                                pool ->
                                        DocumentPool.open(
                                                around.options().stateFolder().resolve(DOCUMENTS),
                                                pool,
                                                spec.runId(),
                                                spec.seed()));
        feed = documents.map(pool -> DocumentFeed.start(around, pool));
    }

    private boolean storeWorks() {
        try {
            around.store().highestEpoch(spec.runId());
            return !around.faults().failing(EnumSet.of(Faults.Place.STORE));
        } catch (StoreException e) {
            return false;
        }
    }

    private void declare() {
        try {
            declaration.ensure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MissingTopicsException e) {
            throw e;
        } catch (ExecutionException | RuntimeException e) {
            around.faults().report(Faults.Place.DECLARE, e);
        }
    }
}
