package io.sluice.ops.chaos;

/** What must hold whatever fails. */
enum Invariant {
    I1("every mixture is finite, within its bounds, sums to 1 and has the run's groups"),
    I2("no accepted plan is further from the one it replaces than the run allows"),
    I3("accepted plans go forward in epoch and version"),
    I4("no token is lost or counted twice between trainer, bridge, topic and job"),
    I5("what came again, or was decided again, was counted once"),
    I6("the same evidence gives the same decision, bit for bit"),
    I7("Sluice takes less than a millisecond of 99 in 100 steps, and never throws"),
    I8("records in = counted + repeated + turned away"),
    I9("after the fault, a plan is accepted in time"),
    I10("all ranks use the sealed plan of each step");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    /** In words. */
    String sentence() {
        return sentence;
    }
}
