package io.sluice.ops.cli;

import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Looks at this machine's broker where no other is named. Only commands that change nothing may
 * guess; everything else keeps the default that its option declares.
 */
final class LocalBroker implements IDefaultValueProvider {

    @Override
    public String defaultValue(ArgSpec argument) {
        boolean bootstrap =
                argument instanceof OptionSpec option && option.longestName().equals("--bootstrap");
        return bootstrap ? "127.0.0.1:9092" : null;
    }
}
