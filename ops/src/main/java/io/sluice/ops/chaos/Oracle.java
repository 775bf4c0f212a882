package io.sluice.ops.chaos;

import java.util.List;

/** Judges what the processes left behind. */
final class Oracle {

    private static final List<Check> CHECKS =
            List.of(
                    new MixtureCheck(),
                    new ChangeCheck(),
                    new ForwardCheck(),
                    new TokenCheck(),
                    new OnceCheck(),
                    new SameAnswerCheck(),
                    new OverheadCheck(),
                    new BooksCheck(),
                    new RankCheck());

    /** Looks after one invariant. */
    interface Check {

        /** Judges all evidence so far. */
        Finding check(Evidence evidence);
    }

    private Oracle() {}

    /** One finding for each invariant but {@link Invariant#I9}, which is a matter of waiting. */
    static List<Finding> judge(Evidence evidence) {
        return CHECKS.stream().map(check -> check.check(evidence)).toList();
    }
}
