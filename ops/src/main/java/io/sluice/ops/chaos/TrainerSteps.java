package io.sluice.ops.chaos;

import io.sluice.core.domain.GroupId;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The training loop of a scripted trainer: takes steps by its plans, and measures what Sluice takes
 * of each: the thread's own time, and the wait for a plan that is not there. What other processes
 * take of the machine is not Sluice's.
 */
final class TrainerSteps implements Runnable {

    private static final long STEP_NANOS = 40_000_000;
    private static final long LOOK_NANOS = 500_000;
    private static final int QUEUED_ROUNDS = 64;

    private final TrainerRun run;
    private final TrainerPlans plans;
    private final TrainerLog log;
    private final ExactSampler sampler;
    private final BlockingQueue<TrainerRound> ended = new ArrayBlockingQueue<>(QUEUED_ROUNDS);
    private final ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    private final long resumeStep;
    private volatile long step;
    private volatile long pause;

    TrainerSteps(TrainerRun run, TrainerPlans plans, TrainerLog log, long resumeStep) {
        this.run = run;
        this.plans = plans;
        this.log = log;
        this.resumeStep = resumeStep;
        this.step = resumeStep;
        this.sampler = new ExactSampler(run.seed(), run.id(), run.drawsPerStep());
    }

    /** The step under way. */
    long step() {
        return step;
    }

    /** Rounds that ended and wait to be told. */
    BlockingQueue<TrainerRound> ended() {
        return ended;
    }

    /**
     * Lets the trainer wait at the end of a round that it has taken, or go on.
     *
     * @param request number of the request to wait, from 1; 0 to go on
     */
    void pause(long request) {
        pause = request;
    }

    /** The request to wait that it obeys; 0 while it goes on. */
    long pausedBy() {
        return step > resumeStep && step % run.roundSteps() == 0 ? pause : 0;
    }

    @Override
    public void run() {
        try {
            TrainerRound round = new TrainerRound(run, step);
            awaitPlan(step);
            while (true) {
                while (pausedBy() > 0) {
                    LockSupport.parkNanos(STEP_NANOS);
                }
                long now = step;
                long start = cpu.getCurrentThreadCpuTime();
                long waited = awaitPlan(now);
                SealedPlan plan = plans.of(now).orElseThrow();
                List<GroupId> draws = sampler.draws(plan, now);
                round.take(now, plan.plan().version(), draws);
                boolean last = (now + 1) % run.roundSteps() == 0;
                if (last && !ended.offer(round)) {
                    log.write("error", "a round was dropped: the courier does not follow");
                }
                long nanos = cpu.getCurrentThreadCpuTime() - start + waited;
                log.write("step", now, plan.plan().version(), nanos);
                step = now + 1;
                if (last) {
                    round = new TrainerRound(run, step);
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        } catch (RuntimeException e) {
            log.write("error", "the training loop ended: " + e);
        }
    }

    /** Returns when the step has a plan, with the nanoseconds that passed until it had. */
    private long awaitPlan(long now) {
        if (plans.of(now).isPresent()) {
            return 0;
        }
        long start = System.nanoTime();
        while (plans.of(now).isEmpty()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return System.nanoTime() - start;
    }
}
