package io.sluice.state.flink;

/** How much heap the stores of one task may take together for what is not in state yet. */
public final class HeapAllowance {

    private long left;

    /**
     * @param bytes how much, by estimate
     */
    public HeapAllowance(long bytes) {
        this.left = bytes;
    }

    /** Takes so many bytes; answers false, and takes nothing, when so many are not left. */
    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    /** Gives back what was taken. */
    void release(long bytes) {
        left += bytes;
    }
}
