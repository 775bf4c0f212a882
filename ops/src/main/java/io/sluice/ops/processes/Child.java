package io.sluice.ops.processes;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another main class and ends with the process that started it: that one holds the other end
 * of standard input, which the system closes however it dies.
 */
public final class Child {

    private static final long ORDERLY_MILLIS = 20_000;

    private Child() {}

    /** Arguments: the main class, then its own. */
    public static void main(String[] args) throws Exception {
        Thread guard = new Thread(Child::endWithParent, "sluice-parent-guard");
        guard.setDaemon(true);
        guard.start();
        Method main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            // As good as its end.
        }
        Thread last = new Thread(Child::halt, "sluice-last-resort");
        last.setDaemon(true);
        last.start();
        System.exit(0);
    }

    /** Shutdown hooks may wait for processes that are gone as well. */
    private static void halt() {
        try {
            Thread.sleep(ORDERLY_MILLIS);
        } catch (InterruptedException e) {
            // Nobody interrupts it; if so, now is as good.
        }
        Runtime.getRuntime().halt(1);
    }
}
