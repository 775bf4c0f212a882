package io.sluice.core.statistics;

/**
 * A straight line through points that come one by one, by least squares. Sums are taken from the
 * first point, so that large coordinates lose no digits.
 *
 * @param count points
 * @param firstX x of the first point
 * @param firstY y of the first point
 * @param x sum of x - firstX
 * @param y sum of y - firstY
 * @param xx sum of squares of x - firstX
 * @param xy sum of products
 * @param yy sum of squares of y - firstY
 * @param lastX x of the newest point
 */
public record Line(
        int count,
        double firstX,
        double firstY,
        double x,
        double y,
        double xx,
        double xy,
        double yy,
        double lastX) {

    /** No point yet. */
    public static final Line EMPTY = new Line(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** How many numbers {@link #toArray} gives. */
    public static final int FIELDS = 9;

    /** With one more point. */
    public Line with(double nextX, double nextY) {
        if (count == 0) {
            return new Line(1, nextX, nextY, 0, 0, 0, 0, 0, nextX);
        }
        double dx = nextX - firstX;
        double dy = nextY - firstY;
        return new Line(
                count + 1,
                firstX,
                firstY,
                x + dx,
                y + dy,
                xx + dx * dx,
                xy + dx * dy,
                yy + dy * dy,
                nextX);
    }

    /** How far x has gone. */
    public double span() {
        return lastX - firstX;
    }

    /** Change of y per unit of x; 0 while x has not moved. */
    public double slope() {
        double spread = spreadX();
        return spread > 0 ? (xy - x * y / count) / spread : 0;
    }

    /** One standard error of the slope, from the points' distance from the line; 0 for two. */
    public double slopeError() {
        double spread = spreadX();
        if (!(spread > 0) || count < 3) {
            return 0;
        }
        double products = xy - x * y / count;
        double rest = yy - y * y / count - products * products / spread;
        return Math.sqrt(Math.max(rest, 0) / (count - 2) / spread);
    }

    /** The line's y at the first point; the mean while x has not moved. */
    public double start() {
        return count == 0 ? 0 : firstY + y / count - slope() * x / count;
    }

    /** The line as numbers, to be stored. */
    public double[] toArray() {
        return new double[] {count, firstX, firstY, x, y, xx, xy, yy, lastX};
    }

    /** A line from what {@link #toArray} gave. */
    public static Line of(double[] array) {
        return new Line(
                (int) array[0],
                array[1],
                array[2],
                array[3],
                array[4],
                array[5],
                array[6],
                array[7],
                array[8]);
    }

    private double spreadX() {
        return count == 0 ? 0 : xx - x * x / count;
    }
}
