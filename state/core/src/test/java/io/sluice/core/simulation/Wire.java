package io.sluice.core.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Records of one producer on their way to one topic. They arrive in any order, or in the order in
 * which they were sent, whenever the dice say so.
 */
final class Wire<T> {

    private static final Runnable NOTHING = () -> {};

    private record Sent<T>(T record, Runnable arrived, long notBefore) {}

    private final World world;
    private final Topic<T> topic;
    private final boolean ordered;
    private final List<Sent<T>> underWay = new ArrayList<>();

    Wire(World world, Topic<T> topic, boolean ordered) {
        this.world = world;
        this.topic = topic;
        this.ordered = ordered;
        world.wires().add(this);
    }

    /**
     * Sends a record.
     *
     * @param arrived called when it stands in the log, unless the answer is false
     * @return false when the sender is told at once that it was lost, true or not
     */
    boolean send(T record, Runnable arrived) {
        return send(record, arrived, 0);
    }

    /** Sends a record for a producer that dies rather than lose one. */
    void insist(T record) {
        underWay.add(new Sent<>(record, NOTHING, 0));
    }

    /** As {@link #send(Object, Runnable)}; does not arrive before that many rounds were trained. */
    boolean send(T record, Runnable arrived, long notBefore) {
        if (world.strikes(Fault.LOST_RECORD)) {
            return false;
        }
        boolean answered = !world.strikes(Fault.LOST_ANSWER);
        underWay.add(new Sent<>(record, answered ? arrived : NOTHING, notBefore));
        return answered;
    }

    /** Lets one record arrive; answers whether one did. */
    boolean deliver() {
        if (underWay.isEmpty()) {
            return false;
        }
        int i = ordered ? 0 : world.dice().below(underWay.size());
        Sent<T> sent = underWay.get(i);
        if (sent.notBefore() > world.roundsTrained()) {
            return false;
        }
        underWay.remove(i);
        topic.append(sent.record());
        if (world.strikes(Fault.REPEATED_RECORD)) {
            underWay.add(i, new Sent<>(sent.record(), NOTHING, sent.notBefore()));
        }
        sent.arrived().run();
        return true;
    }

    /** Lets everything arrive, in order. */
    void flush() {
        while (!underWay.isEmpty()) {
            Sent<T> sent = underWay.remove(0);
            topic.append(sent.record());
            sent.arrived().run();
        }
    }

    /** The sender dies: what is on its way may still arrive. */
    void cut() {
        underWay.removeIf(sent -> world.dice().oneIn(2));
    }
}
