package io.sluice.state.flink;

/** The core knows no checked exceptions of state; a backend that fails, fails the task. */
final class StateAccess {

    private StateAccess() {}

    /** One access to state. */
    @FunctionalInterface
    interface Access<T> {
        T run() throws Exception;
    }

    /** One change of state. */
    @FunctionalInterface
    interface Change {
        void run() throws Exception;
    }

    static <T> T of(Access<T> access) {
        try {
            return access.run();
        } catch (Exception e) {
            throw new IllegalStateException("the state backend failed", e);
        }
    }

    static void change(Change change) {
        of(
                () -> {
                    change.run();
                    return null;
                });
    }
}
