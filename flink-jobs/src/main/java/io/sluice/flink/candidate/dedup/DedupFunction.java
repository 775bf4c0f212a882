package io.sluice.flink.candidate.dedup;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.dedup.Deduplicator;
import io.sluice.core.candidate.dedup.Finding;
import io.sluice.core.candidate.dedup.Finding.ExactDuplicate;
import io.sluice.core.candidate.dedup.Finding.NearDuplicate;
import io.sluice.core.candidate.dedup.Finding.Original;
import io.sluice.core.candidate.dedup.Finding.SameId;
import io.sluice.core.candidate.dedup.Fingerprint;
import io.sluice.core.candidate.dedup.MinHasher;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.dedup.Survivor;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.candidate.CandidateRejects;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.flink.mixture.RecentlyUsed;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.KeyedDedupStore;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.SurvivorLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Second stage, keyed by catalog: lets the first of many equal or similar documents pass, and
 * carries out removals. A catalog's documents pass through one task, in the order of their
 * partition.
 */
public final class DedupFunction
        extends KeyedProcessFunction<String, CandidateEvent, CandidateEvent>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    /** Entries that a compaction may pass before it looks at the clock again. */
    private static final long TTL_ENTRIES = 1_000;

    private static final int CACHED_CATALOGS = 64;

    private final CandidateOptions options;
    private final TopicLog documentsLog;

    private transient CandidateRejects rejects;
    private transient Deduplicator deduplicator;
    private transient MinHasher hasher;
    private transient EmittedDocuments emitted;
    private transient MapState<String, Boolean> groups;
    private transient Removals removals;
    private transient SketchSettings sketches;
    private transient RecentlyUsed<String, Set<String>> knownGroups;
    private transient ListState<Tuple2<Integer, Long>> positions;
    private transient Optional<Map<Integer, Long>> restored;

    /**
     * @param documentsLog the topic of admitted documents
     */
    public DedupFunction(CandidateOptions options, TopicLog documentsLog) {
        this.options = options;
        this.documentsLog = documentsLog;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        sketches = new SketchSettings(context, options.minHash());
        positions =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "documents-read", Types.TUPLE(Types.INT, Types.LONG)));
        restored = Optional.empty();
        if (context.isRestored()) {
            Map<Integer, Long> least = new TreeMap<>();
            for (Tuple2<Integer, Long> position : positions.get()) {
                least.merge(position.f0, position.f1, Math::min);
            }
            restored = Optional.of(least);
        }
    }

    @Override
    public void open(OpenContext context) {
        Contract contract = new Contract();
        rejects = new CandidateRejects(contract, options, getRuntimeContext().getMetricGroup());
        hasher = new MinHasher(options.minHash());
        knownGroups = new RecentlyUsed<>(CACHED_CATALOGS);
        groups =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>("groups", Types.STRING, Types.BOOLEAN));
        removals = new Removals(getRuntimeContext());
        deduplicator =
                new Deduplicator(
                        new KeyedDedupStore(
                                remembered("survivors", LayoutType.of(SurvivorLayout.INSTANCE)),
                                remembered("references", Types.LONG)),
                        options.minHash());
        emitted = new EmittedDocuments(documentsLog, contract, restored, this::isMine);
    }

    @Override
    public void processElement(CandidateEvent event, Context context, Collector<CandidateEvent> out)
            throws Exception {
        emitted.absorb(context.getCurrentKey(), this::absorb);
        if (event instanceof Removal removal) {
            remove(removal, out);
        } else if (event instanceof Offered offered) {
            try {
                judge(offered, out);
            } catch (CandidateException e) {
                rejects.reject(offered.candidate().id(), offered.position(), e, context::output);
            } catch (RuntimeException e) {
                throw RecordFailedException.of(options.positionOf(offered.position()), e);
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        sketches.snapshot();
        positions.clear();
        for (Map.Entry<Integer, Long> position : emitted.position().entrySet()) {
            positions.add(Tuple2.of(position.getKey(), position.getValue()));
        }
    }

    @Override
    public void close() {
        if (emitted != null) {
            emitted.close();
        }
    }

    /**
     * Lets a document pass, or throws why not. One that was emitted before a restart, and is to be
     * removed by a request that was read before its candidate came again, passes together with the
     * request: it stands on the topic, so its removal has to stand there too.
     */
    private void judge(Offered offered, Collector<CandidateEvent> out) throws Exception {
        String id = offered.candidate().id();
        Optional<Removal> removal = removals.of(offered);
        if (removal.isPresent() && !isEmitted(id, offered.position())) {
            throw Removals.rejection(removal.get());
        }
        Finding finding =
                deduplicator.judge(
                        offered.fingerprint(),
                        Survivor.of(id, offered.position(), offered.fingerprint()));
        if (!(finding instanceof Original original)) {
            throw rejection(id, finding);
        }
        if (groupsOf(offered.catalog()).add(offered.group())) {
            groups.put(offered.group(), true);
        }
        out.collect(offered.withEmitted(original.emitted()));
        removal.ifPresent(request -> out.collect(request.to(offered.group())));
    }

    private boolean isEmitted(String id, Position position) {
        return deduplicator
                .byId(id)
                .filter(known -> known.emitted() && known.position().equals(position))
                .isPresent();
    }

    private static CandidateException rejection(String id, Finding finding) {
        if (finding instanceof SameId same) {
            return new CandidateException(
                    Reason.REPEATED_ID,
                    "id '"
                            + id
                            + "' was taken by the document at partition "
                            + same.first().partition()
                            + ", offset "
                            + same.first().offset());
        }
        if (finding instanceof ExactDuplicate exact) {
            return new CandidateException(
                    Reason.EXACT_DUPLICATE, "text is that of document '" + exact.survivor() + "'");
        }
        NearDuplicate near = (NearDuplicate) finding;
        return new CandidateException(
                Reason.NEAR_DUPLICATE,
                String.format(
                        Locale.ROOT,
                        "text resembles that of document '%s': Jaccard about %.2f",
                        near.survivor(),
                        near.similarity()));
    }

    private void remove(Removal removal, Collector<CandidateEvent> out) throws Exception {
        removals.add(removal);
        for (String group : groupsOf(removal.catalog())) {
            out.collect(removal.to(group));
        }
    }

    private void absorb(AdmittedDocument document) {
        Fingerprint fingerprint =
                document.getText().hasRemaining()
                        ? hasher.fingerprint(
                                NormalisedText.of(
                                        StandardCharsets.UTF_8
                                                .decode(document.getText().duplicate())
                                                .toString()))
                        : Fingerprint.ofAddress(document.getUri());
        Position position =
                new Position(document.getCandidatePartition(), document.getCandidateOffset());
        deduplicator.absorb(fingerprint, Survivor.of(document.getId(), position, fingerprint));
    }

    /** The catalog's groups that documents passed to: few, and asked for all the time. */
    private Set<String> groupsOf(String catalog) throws Exception {
        Set<String> known = knownGroups.get(catalog);
        if (known == null) {
            known = knownGroups.put(catalog, new TreeSet<>());
            for (String group : groups.keys()) {
                known.add(group);
            }
        }
        return known;
    }

    private boolean isMine(String catalog) {
        var task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        catalog,
                        task.getMaxNumberOfParallelSubtasks(),
                        task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private <T> MapState<Long, T> remembered(String name, TypeInformation<T> type) {
        MapStateDescriptor<Long, T> descriptor = new MapStateDescriptor<>(name, Types.LONG, type);
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(options.remember())
                        .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
                        .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
                        .cleanupInRocksdbCompactFilter(TTL_ENTRIES)
                        .build());
        return getRuntimeContext().getMapState(descriptor);
    }
}
