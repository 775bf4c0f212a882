package io.sluice.ops.page;

import java.util.ArrayList;
import java.util.List;

/**
 * Points over steps in bounded memory. When full, every other point goes, and from then on only
 * every second (fourth, eighth…) new one stays, so that the density is even over the whole run. The
 * first and the last point always stay. Steps that go back, as after a restart from a checkpoint,
 * take back what followed them.
 */
final class Series<T> {

    /** A value and the step it belongs to. */
    record Point<T>(long step, T value) {}

    private final int capacity;
    private final List<Point<T>> points = new ArrayList<>();
    private long stride = 1;
    private long added;

    Series(int capacity) {
        if (capacity < 3) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be >= 3");
        }
        this.capacity = capacity;
    }

    void add(long step, T value) {
        takeBack(step);
        if (!lastIsOnStride()) {
            points.remove(points.size() - 1);
        }
        points.add(new Point<>(step, value));
        added++;
        if (points.size() > capacity) {
            thin();
        }
    }

    List<Point<T>> points() {
        return List.copyOf(points);
    }

    private void takeBack(long step) {
        boolean shortened = false;
        while (!points.isEmpty() && points.get(points.size() - 1).step() >= step) {
            points.remove(points.size() - 1);
            shortened = true;
        }
        if (shortened) {
            added = points.isEmpty() ? 0 : (points.size() - 1) * stride + 1;
        }
    }

    /** Whether the last point stays for good, rather than only until the next one comes. */
    private boolean lastIsOnStride() {
        return added == 0 || (added - 1) % stride == 0;
    }

    private void thin() {
        stride *= 2;
        List<Point<T>> kept = new ArrayList<>(capacity / 2 + 2);
        for (int i = 0; i < points.size(); i++) {
            if (i % 2 == 0 || i == points.size() - 1) {
                kept.add(points.get(i));
            }
        }
        points.clear();
        points.addAll(kept);
    }
}
