package io.sluice.core.simulation;

/** Runs a seed that failed again, for its trace. */
final class Replay {

    private Replay() {}

    /** What to read, and how to see it again. */
    static String of(long seed, Seams seams) {
        Trace trace = new Trace(true);
        String failure = "did not fail again";
        try {
            Simulation.run(seed, seams, new Coverage(), trace);
        } catch (RuntimeException e) {
            failure = e.toString();
        }
        return "seed "
                + seed
                + " fails: "
                + failure
                + "\nreplay it with: mvn -pl state/core test -Dtest=SimulationTest"
                + " -Dsluice.simulation.seed="
                + seed
                + "\nits last events:\n"
                + trace;
    }
}
