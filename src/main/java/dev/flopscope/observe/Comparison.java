package dev.flopscope.observe;

import dev.flopscope.count.MatmulSite;
import java.util.Locale;

/** Sums of one product's result against the same sums by way of its operands. */
final class Comparison {
    private static final double SMALLEST = Float.MIN_NORMAL;

    private final MatmulSite site;
    private double worst;
    private Sums worstSums = new Sums("", 0, 0, 0);
    private double bounds;
    private double squares;

    /**
     * Two sums that should be the same but for roundings.
     *
     * @param of what was summed
     * @param found by the result
     * @param expected by way of the operands
     * @param bound what roundings explain
     */
    private record Sums(String of, double found, double expected, double bound) {}

    Comparison(MatmulSite site) {
        this.site = site;
    }

    /**
     * Compares the columns of a result, each summed up.
     *
     * @param scale the bound of a column, for each unit of its length
     */
    void columns(double[] found, double[] expected, double[] lengths, double scale) {
        for (int column = 0; column < found.length; column++) {
            double bound = scale * lengths[column] + SMALLEST;
            double deviation = deviation(found[column], expected[column], bound);
            if (deviation > worst) {
                worst = deviation;
                worstSums = new Sums("column " + column, found[column], expected[column], bound);
            }
            bounds += bound * bound;
            squares += found[column] * found[column];
        }
    }

    /**
     * Compares the sums over one row.
     *
     * @param of which row
     */
    void row(String of, double found, double expected, double most) {
        double bound = most + SMALLEST;
        double deviation = deviation(found, expected, bound);
        if (deviation > worst) {
            worst = deviation;
            worstSums = new Sums(of, found, expected, bound);
        }
    }

    /** What is not a number, or has a bound that is none, holds nothing. */
    private static double deviation(double found, double expected, double bound) {
        double deviation = bound <= Double.MAX_VALUE ? Math.abs(found - expected) / bound : Double.POSITIVE_INFINITY;
        return Double.isNaN(deviation) ? Double.POSITIVE_INFINITY : deviation;
    }

    /** The largest deviation, of what roundings explain. */
    double worst() {
        return worst;
    }

    /**
     * How far off an entry must be, of a typical one, to be noticed for sure in a typical column.
     *
     * @param rows of the result
     */
    double noticedByColumns(double rows) {
        // Random signs make the square of a sum, on average, the sum of the squares.
        return 2 * Math.sqrt(bounds * rows / squares);
    }

    /** Nothing if the product holds. */
    String failure() {
        return worst <= 1
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s: not proven in %s: signed sum %.9g, expected %.9g, bound %.3g",
                        site,
                        worstSums.of,
                        worstSums.found,
                        worstSums.expected,
                        worstSums.bound);
    }
}
