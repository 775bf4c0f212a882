package io.sluice.flink.candidate.dedup;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.flink.candidate.CandidateEvent.Offered;
import io.sluice.flink.candidate.CandidateEvent.Removal;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/** What of a catalog is to be removed, and who asked for it; kept for ever. */
final class Removals {

    private final MapState<String, Tuple2<String, String>> asked;

    Removals(RuntimeContext context) {
        asked =
                context.getMapState(
                        new MapStateDescriptor<>(
                                "removals", Types.STRING, Types.TUPLE(Types.STRING, Types.STRING)));
    }

    /** Remembers a request; of several for the same, the last one is named. */
    void add(Removal removal) throws Exception {
        asked.put(subject(removal), Tuple2.of(removal.by(), removal.why()));
    }

    /** The request by which a document is to be removed, itself or with its source. */
    Optional<Removal> of(Offered offered) throws Exception {
        for (Removal wanted :
                List.of(
                        request(offered, offered.candidate().id(), ""),
                        request(offered, "", offered.candidate().source()))) {
            Tuple2<String, String> remarks = asked.get(subject(wanted));
            if (remarks != null) {
                return Optional.of(
                        new Removal(
                                wanted.catalog(),
                                wanted.group(),
                                wanted.documentId(),
                                wanted.source(),
                                remarks.f0,
                                remarks.f1));
            }
        }
        return Optional.empty();
    }

    /** Why a document that is to be removed is turned away. */
    static CandidateException rejection(Removal removal) {
        return new CandidateException(
                Reason.REMOVED,
                subject(removal)
                        + " is to be removed, asked for by '"
                        + removal.by()
                        + "': "
                        + removal.why());
    }

    private static Removal request(Offered offered, String documentId, String source) {
        return new Removal(offered.catalog(), "", documentId, source, "", "");
    }

    private static String subject(Removal removal) {
        return removal.source().isEmpty()
                ? "document " + removal.documentId()
                : "source " + removal.source();
    }
}
