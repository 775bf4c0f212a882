package io.sluice.flink.candidate;

import io.sluice.flink.candidate.admit.AdmitFunction;
import io.sluice.flink.candidate.dedup.DedupFunction;
import io.sluice.flink.candidate.validate.RequestsFunction;
import io.sluice.flink.candidate.validate.ValidateFunction;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.testing.StageHarness;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.LayoutSerializer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** The stages of the candidate job one after another, on topics on the heap. */
final class CandidateStages implements AutoCloseable {

    static final Contract CONTRACT = new Contract();
    static final String CATALOG = "web";

    final TestingTopicLog catalogs = new TestingTopicLog();
    final TestingTopicLog plans = new TestingTopicLog();
    final TestingTopicLog acks = new TestingTopicLog();
    final TestingTopicLog decisions = new TestingTopicLog();
    final TestingTopicLog documents = new TestingTopicLog();

    /** Documents that were admitted, in order, over all lives. */
    final List<AdmittedDocument> admitted = new ArrayList<>();

    /** What else was emitted. */
    final List<SpecificRecord> others = new ArrayList<>();

    /** What was turned away, over all lives. */
    final List<Rejected> rejected = new ArrayList<>();

    private CandidateOptions options;
    private final OneInputStreamOperatorTestHarness<RawRecord, CandidateEvent> validate;
    private final OneInputStreamOperatorTestHarness<RawRecord, CandidateEvent> requests;
    private final StageHarness<String, CandidateEvent, CandidateEvent> dedup;
    private final StageHarness<String, CandidateEvent, OutboundRecord> admit;
    private long time;

    CandidateStages(Map<String, Double> settings) throws Exception {
        this(options().with(settings));
    }

    CandidateStages(CandidateOptions first) throws Exception {
        options = first;
        validate =
                new OneInputStreamOperatorTestHarness<>(
                        new ProcessOperator<>(new ValidateFunction(options, catalogs)));
        requests =
                new OneInputStreamOperatorTestHarness<>(
                        new ProcessOperator<>(new RequestsFunction(options)));
        for (var harness : List.of(validate, requests)) {
            harness.setup(new LayoutSerializer<>(CandidateEventLayout.INSTANCE));
            harness.open();
        }
        dedup =
                new StageHarness<>(
                        () -> new DedupFunction(options, documents),
                        new EmbeddedRocksDBStateBackend(),
                        CandidateEvent::catalog,
                        Types.STRING,
                        CandidateEventLayout.INSTANCE,
                        CandidateEventLayout.INSTANCE);
        admit =
                new StageHarness<>(
                        () -> new AdmitFunction(options, catalogs, plans, acks, decisions),
                        new EmbeddedRocksDBStateBackend(),
                        event -> Topic.catalogKey(event.catalog(), event.group()),
                        Types.STRING,
                        CandidateEventLayout.INSTANCE,
                        OutboundRecordLayout.INSTANCE);
    }

    static CandidateOptions options() {
        Properties kafka = new Properties();
        kafka.setProperty("bootstrap.servers", "nowhere:1");
        return CandidateOptions.of(kafka);
    }

    /** Announces a group. */
    void announce(String group, CatalogGroupState state) {
        catalogs.add(CATALOG, new CatalogGroup(CATALOG, group, state, 0, "test", "for a test"));
    }

    /** Offers the bytes at an offset of the only partition. */
    void offer(long offset, byte[] value) throws Exception {
        validate.processElement(new RawRecord("sluice.candidates", 0, offset, "k", value), 0);
        pass(validate);
    }

    void offer(long offset, CandidateDocument document) throws Exception {
        offer(offset, CONTRACT.encode(document));
    }

    /** Hands a record of the catalogs topic to the job, and writes it there. */
    void request(SpecificRecord request) throws Exception {
        catalogs.add(CATALOG, request);
        request(CONTRACT.encode(request));
    }

    void request(byte[] value) throws Exception {
        requests.processElement(new RawRecord("sluice.catalogs", 0, 0, CATALOG, value), 0);
        pass(requests);
    }

    /** As {@link #restart()}, with other settings. */
    void restart(Map<String, Double> settings) throws Exception {
        options = options().with(settings);
        restart();
    }

    /** Sets the clock. */
    void setTime(long millis) throws Exception {
        time = millis;
        validate.setProcessingTime(millis);
        dedup.setTime(millis);
        admit.setTime(millis);
        collect();
    }

    /** Takes a snapshot of all stages, and goes on from it at once. */
    void restart() throws Exception {
        dedup.restart();
        admit.restart();
        setTime(time);
    }

    /** Takes a snapshot, and returns to it with {@code doomed} undone but for what it emitted. */
    void dieAfter(Work doomed) throws Exception {
        dedup.snapshot();
        admit.snapshot();
        doomed.run();
        dedup.returnToSnapshot();
        admit.returnToSnapshot();
        setTime(time);
    }

    /** Some work of a test's. */
    interface Work {
        void run() throws Exception;
    }

    @Override
    public void close() throws Exception {
        validate.close();
        requests.close();
        dedup.close();
        admit.close();
    }

    static CandidateDocument document(String id, String group, String text) {
        return document(id, group, "crawl", text);
    }

    static CandidateDocument document(String id, String group, String source, String text) {
        return new CandidateDocument(
                id,
                CATALOG,
                source,
                group,
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
                "",
                0L,
                "",
                Map.of(),
                List.of());
    }

    private void pass(OneInputStreamOperatorTestHarness<RawRecord, CandidateEvent> first)
            throws Exception {
        for (CandidateEvent event : first.extractOutputValues()) {
            dedup.send(event);
        }
        first.getOutput().clear();
        var side = first.getSideOutput(CandidateRejects.TAG);
        if (side != null) {
            for (StreamRecord<OutboundRecord> record : side) {
                rejected.add((Rejected) CONTRACT.decode(record.getValue().value()));
            }
            side.clear();
        }
        for (CandidateEvent event : dedup.takeOutputs()) {
            admit.send(event);
        }
        collect();
    }

    private void collect() throws Exception {
        rejected.addAll(dedup.takeRejects());
        rejected.addAll(admit.takeRejects());
        for (OutboundRecord record : admit.takeOutputs()) {
            SpecificRecord value = CONTRACT.decode(record.value());
            if (record.topic().equals("sluice.documents")) {
                documents.add(record.key(), value);
            }
            if (value instanceof AdmittedDocument document) {
                admitted.add(document);
            } else {
                others.add(value);
            }
        }
    }
}
