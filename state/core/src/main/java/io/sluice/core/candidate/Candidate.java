package io.sluice.core.candidate;

import java.util.Map;
import java.util.Optional;

/**
 * A candidate that obeys the rules.
 *
 * @param id identifies the document within its catalog
 * @param catalog the catalog it is offered to
 * @param group the group it belongs to
 * @param source where it comes from, as a crawl or a data set
 * @param language its language; empty when nobody said
 * @param text its text; empty when it is only referred to
 * @param uri where its text is; empty when it is here
 * @param tokens its tokens, at least 1; declared, or estimated as bytes / 4
 * @param metadata what its owner wants to keep with it
 */
public record Candidate(
        String id,
        String catalog,
        String group,
        String source,
        Optional<String> language,
        Optional<String> text,
        Optional<String> uri,
        long tokens,
        Map<String, String> metadata) {}
