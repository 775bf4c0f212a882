package io.sluice.flink.candidate.validate;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CandidateEvent;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.candidate.CandidateRejects;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.schemas.Contract;
import io.sluice.schemas.RemovalRequest;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Reads the catalogs topic: hands removals on, and rejects what breaks the rules. The rest of the
 * topic is followed by the stages that need it.
 */
public final class RequestsFunction extends ProcessFunction<RawRecord, CandidateEvent> {

    private static final long serialVersionUID = 1;

    private final CandidateOptions options;

    private transient Contract contract;
    private transient CandidateRejects rejects;

    public RequestsFunction(CandidateOptions options) {
        this.options = options;
    }

    @Override
    public void open(OpenContext context) {
        contract = new Contract();
        rejects = new CandidateRejects(contract, options, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(RawRecord raw, Context context, Collector<CandidateEvent> out) {
        try {
            options.requireNotSkipped(raw);
            SpecificRecord value = CatalogRecords.read(raw, contract);
            if (value instanceof RemovalRequest request) {
                out.collect(
                        new Removal(
                                request.getCatalog(),
                                "",
                                request.getDocumentId(),
                                request.getSource(),
                                request.getBy(),
                                request.getWhy()));
            }
        } catch (CandidateException e) {
            rejects.reject(raw, e, context::output);
        } catch (RuntimeException e) {
            throw RecordFailedException.of(raw.position(), e);
        }
    }
}
