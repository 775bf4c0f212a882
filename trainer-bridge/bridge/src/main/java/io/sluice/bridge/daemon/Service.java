package io.sluice.bridge.daemon;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What is served at a port.
 *
 * @param router who answers
 * @param limits what one client may take
 * @param count counts an answer by path and status
 * @param connections told how many connections are open
 * @param left told when a connection has closed
 */
record Service(
        Router router,
        Limits limits,
        BiConsumer<String, Integer> count,
        IntConsumer connections,
        Consumer<Connection> left) {

    /** A service that is neither counted nor knows sessions. */
    static Service of(Router router, Limits limits) {
        return new Service(router, limits, (path, status) -> {}, open -> {}, connection -> {});
    }
}
