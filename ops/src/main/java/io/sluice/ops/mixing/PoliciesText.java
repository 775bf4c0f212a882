package io.sluice.ops.mixing;

import io.sluice.core.policy.Need;
import io.sluice.core.policy.PolicyInfo;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalog's policies for people. */
public final class PoliciesText {

    private PoliciesText() {}

    /** The policies, one after the other, with their options. */
    public static String of(List<PolicyInfo> policies) {
        return policies.stream().map(PoliciesText::of).collect(Collectors.joining("\n"));
    }

    /** What a policy needs, in words. */
    public static String needs(PolicyInfo policy) {
        return policy.needs().isEmpty()
                ? "nothing"
                : policy.needs().stream()
                        .sorted()
                        .map(Need::toString)
                        .collect(Collectors.joining(", "));
    }

    /** A number without a fraction where it has none. */
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String of(PolicyInfo policy) {
        StringBuilder text = new StringBuilder();
        line(text, "%s", policy.name());
        line(text, "  moves towards  %s", policy.summary());
        line(text, "  needs          %s", needs(policy));
        line(text, "  source         %s", policy.source());
        for (PolicyInfo.Option option : policy.options()) {
            line(
                    text,
                    "  option         %-12s %-6s %s from %s to %s",
                    option.name(),
                    number(option.fallback()),
                    option.whole() ? "an integer" : "a number",
                    number(option.least()),
                    number(option.most()));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
