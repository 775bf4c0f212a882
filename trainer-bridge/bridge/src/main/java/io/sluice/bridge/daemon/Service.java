package io.sluice.bridge.daemon;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What is served at a port.
 *
 * @param router who answers
 * @param limits what one client may take
 * @param count counts an answer by path and status
 * @param places who gets in
 * @param left told when a connection has closed
 */
record Service(
        Router router,
        Limits limits,
        BiConsumer<String, Integer> count,
        Places places,
        Consumer<Connection> left) {

    /** A service that is neither counted nor knows sessions. */
    static Service of(Router router, Limits limits) {
        return new Service(
                router,
                limits,
                (path, status) -> {},
                new Places(limits.connections(), open -> {}),
                connection -> {});
    }
}
