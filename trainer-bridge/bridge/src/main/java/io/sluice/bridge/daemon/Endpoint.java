package io.sluice.bridge.daemon;

/** Answers one kind of request. Called from several threads, and must not wait for a network. */
@FunctionalInterface
interface Endpoint {

    /**
     * The answer.
     *
     * @throws Refusal when there is none but an error
     */
    Answer answer(Request request);
}
