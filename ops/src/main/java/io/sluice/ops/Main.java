package io.sluice.ops;

import io.sluice.ops.cli.SluiceCommand;

/** The program behind {@code ./sluice}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        int code = 1;
        try {
            code = SluiceCommand.execute(args);
        } finally {
            // Brokers and clusters leave threads behind that are not daemons.
            System.exit(code);
        }
    }
}
