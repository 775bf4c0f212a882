package io.sluice.ops;

import io.sluice.ops.cli.SluiceCommand;

/** The program behind {@code ./sluice}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // Brokers and clusters leave threads behind that are not daemons.
        System.exit(SluiceCommand.execute(args));
    }
}
