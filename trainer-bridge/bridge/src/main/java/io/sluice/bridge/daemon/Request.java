package io.sluice.bridge.daemon;

import java.util.List;
import java.util.Map;

/**
 * A request that has come in whole.
 *
 * @param connection over which it came
 * @param method the HTTP method
 * @param path the path, without the query
 * @param query the query's parameters
 * @param contentType type of the body; empty when it was not told
 * @param body the body
 * @param keepAlive whether the client wants to go on with this connection
 */
record Request(
        Connection connection,
        String method,
        String path,
        Map<String, List<String>> query,
        String contentType,
        byte[] body,
        boolean keepAlive) {

    /** A query parameter that is given exactly once. */
    String parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw new Refusal(
                    Refusal.Code.MALFORMED,
                    "parameter " + name + " is given " + values.size() + " times, not once");
        }
        return values.get(0);
    }

    /** A query parameter that is an integer. */
    long number(String name) {
        try {
            return Long.parseLong(parameter(name));
        } catch (NumberFormatException e) {
            throw new Refusal(Refusal.Code.MALFORMED, "parameter " + name + " is not an integer");
        }
    }
}
