package io.sluice.bridge.daemon;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.core.domain.GroupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Documents that a trainer draws. Open to all its processes: no session is named. */
final class DocumentRequests {

    private record DrawForm(String group, Long from, Integer need, Integer count) {

        DrawForm {
            Json.required(group, "group");
            Json.required(from, "from");
            Json.required(need, "need");
            Json.required(count, "count");
        }
    }

    private record ReleaseForm(Map<String, Long> groups) {

        ReleaseForm {
            Json.required(groups, "groups");
        }
    }

    private final Bridge bridge;

    DocumentRequests(Bridge bridge) {
        this.bridge = bridge;
    }

    /** {@code POST /v1/documents}. */
    Answer documents(Request request) {
        DocumentPool pool = pool();
        DrawForm form = Json.read(request.body(), DrawForm.class);
        try {
            List<DrawnDocument> drawn =
                    pool.draw(new GroupId(form.group()), form.from(), form.need(), form.count());
            return Answer.binary(
                    DocumentForm.CONTENT_TYPE, DocumentForm.encode(form.from(), drawn));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.MALFORMED, e.getMessage());
        }
    }

    /** {@code POST /v1/release}. */
    Answer release(Request request) {
        DocumentPool pool = pool();
        ReleaseForm form = Json.read(request.body(), ReleaseForm.class);
        Map<GroupId, Long> occurrences = new HashMap<>();
        try {
            form.groups()
                    .forEach(
                            (group, from) ->
                                    occurrences.put(
                                            new GroupId(group), Json.required(from, group)));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Code.MALFORMED, e.getMessage());
        }
        pool.release(occurrences);
        return Answer.ok(Map.of());
    }

    private DocumentPool pool() {
        return bridge.documents()
                .orElseThrow(
                        () -> new Refusal(Refusal.Code.NO_POOL, "this bridge holds no documents"));
    }
}
