package io.sluice.ops.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@link Invariant#I8}: every record of the telemetry topic that cannot be read is listed as turned
 * away; and, while nothing is under way, the job's own books of the attempt balance.
 */
final class BooksCheck implements Oracle.Check {

    @Override
    public Finding check(Evidence evidence) {
        if (evidence.quietAttempt().isEmpty()) {
            return new Finding(Invariant.I8, 0, List.of());
        }
        List<String> violations = new ArrayList<>();
        Set<Recount.Place> rejected = Recount.rejected(evidence.history()).keySet();
        for (Entry<byte[]> entry : evidence.history().unreadable()) {
            if (!rejected.contains(new Recount.Place(entry.partition(), entry.offset()))) {
                violations.add(
                        "the record at "
                                + entry.partition()
                                + "@"
                                + entry.offset()
                                + " can not be read, and is listed nowhere");
            }
        }
        long attempt = evidence.quietAttempt().getAsLong();
        Optional<Recount> counted = Recount.of(evidence.history(), attempt);
        counted.filter(books -> books.records() != accounted(books))
                .ifPresent(
                        books ->
                                violations.add(
                                        "attempt "
                                                + attempt
                                                + ": "
                                                + books.records()
                                                + " records, and "
                                                + accounted(books)
                                                + " are accounted for: "
                                                + books));
        long looked = counted.isPresent() ? evidence.history().signals().size() : 0;
        return new Finding(Invariant.I8, looked, violations);
    }

    private static long accounted(Recount books) {
        return books.expected() + books.repeated() + books.turnedAway();
    }
}
