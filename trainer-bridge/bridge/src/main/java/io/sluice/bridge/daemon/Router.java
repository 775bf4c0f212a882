package io.sluice.bridge.daemon;

import io.sluice.bridge.RelayException;
import io.sluice.bridge.StoreException;
import io.sluice.bridge.pool.PoolException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who answers a request, and turns what goes wrong into errors of the protocol. */
final class Router {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /** Stands for all paths that do not exist, so that their number is bounded. */
    private static final String OTHER = "other";

    private record Route(String method, Endpoint endpoint) {}

    private final Map<String, Route> routes = new TreeMap<>();

    /** Answers {@code GET} on a path. */
    Router get(String path, Endpoint endpoint) {
        routes.put(path, new Route("GET", endpoint));
        return this;
    }

    /** Answers {@code POST} on a path. */
    Router post(String path, Endpoint endpoint) {
        routes.put(path, new Route("POST", endpoint));
        return this;
    }

    /** A path as a metric label. */
    String label(String path) {
        return routes.containsKey(path) ? path : OTHER;
    }

    /** The answer to a request; never throws. */
    Answer answer(Request request) {
        try {
            return endpoint(request).answer(request);
        } catch (Refusal e) {
            return e.answer();
        } catch (RelayException e) {
            return new Refusal(code(e), e.getMessage()).answer();
        } catch (PoolException e) {
            boolean released = e.kind() == PoolException.Kind.RELEASED;
            return new Refusal(
                            released ? Refusal.Code.RELEASED : Refusal.Code.STORE, e.getMessage())
                    .answer();
        } catch (StoreException e) {
            return new Refusal(Refusal.Code.STORE, e.getMessage()).answer();
        } catch (RuntimeException e) {
            LOG.error("{} {}: no answer", request.method(), request.path(), e);
            return new Refusal(Refusal.Code.INTERNAL, e.toString()).answer();
        }
    }

    private Endpoint endpoint(Request request) {
        Route route = routes.get(request.path());
        if (route == null) {
            throw new Refusal(
                    Refusal.Code.UNKNOWN_PATH,
                    "there is no such path; those that are: " + String.join(", ", routes.keySet()));
        }
        if (!route.method().equals(request.method())) {
            throw new Refusal(
                    Refusal.Code.METHOD, request.path() + " takes " + route.method() + " only");
        }
        return route.endpoint();
    }

    private static Refusal.Code code(RelayException e) {
        return switch (e.kind()) {
            case CLOSED -> Refusal.Code.SESSION_ENDED;
            case STEP_NOT_AT_HAND -> Refusal.Code.STEP_NOT_AT_HAND;
            case ROUND_PASSED -> Refusal.Code.ROUND_PASSED;
        };
    }
}
