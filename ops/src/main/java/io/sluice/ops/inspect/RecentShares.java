package io.sluice.ops.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest mixtures by the digest of their plan, at most so many numbers of them. */
final class RecentShares {

    private static final long MOST_NUMBERS = 300_000;

    private final Map<String, Shares> byDigest = new LinkedHashMap<>();
    private long numbers;

    void put(String digest, Shares shares) {
        if (byDigest.containsKey(digest)) {
            return;
        }
        byDigest.put(digest, shares);
        numbers += shares.byGroup().size();
        var eldest = byDigest.values().iterator();
        while (numbers > MOST_NUMBERS && byDigest.size() > 2) {
            numbers -= eldest.next().byGroup().size();
            eldest.remove();
        }
    }

    Optional<Shares> get(String digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }
}
