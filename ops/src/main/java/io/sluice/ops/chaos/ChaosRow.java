package io.sluice.ops.chaos;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One fault with its verdicts.
 *
 * @param fault its name in the matrix
 * @param what what was done
 * @param expected whether what its row promises beside the invariants was seen; "n/a" where that is
 *     nothing
 * @param told what was seen
 * @param secondsToPlan from the fault's end until a plan was accepted; negative when none was
 * @param verdicts by invariant, in their order
 * @param notes why a verdict is "broken" or "n/a"
 */
record ChaosRow(
        String fault,
        String what,
        String expected,
        String told,
        @JsonProperty("seconds_to_next_plan") double secondsToPlan,
        @JsonIgnore Map<Invariant, Verdict> verdicts,
        List<String> notes) {

    /** What the oracle says of one invariant. */
    enum Verdict {
        HELD("held"),
        BROKEN("broken"),
        NOT_APPLICABLE("n/a");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** The verdicts as fields of their own. */
    @JsonAnyGetter
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        verdicts.forEach((invariant, verdict) -> fields.put(invariant.name(), verdict.word()));
        return fields;
    }

    /** Whether nothing is broken. */
    @JsonIgnore
    boolean isSound() {
        return !expected.equals(Verdict.BROKEN.word()) && !verdicts.containsValue(Verdict.BROKEN);
    }
}
