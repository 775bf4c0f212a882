package io.sluice.ops.cli;

import java.util.Locale;

/** How a result is written. */
enum Output {
    TABLE,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
