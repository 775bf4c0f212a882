package io.sluice.bridge.pool;

/**
 * A document to train on.
 *
 * @param id identifies it within its catalog
 * @param source where it comes from; empty when nobody said
 * @param uri where its text is; empty when that is here
 * @param tokens its tokens, declared or estimated
 * @param text its text in UTF-8; empty when it is only referred to. Not to be changed
 */
public record PooledDocument(String id, String source, String uri, long tokens, byte[] text) {}
