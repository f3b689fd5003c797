package dev.flopscope.observe;

import dev.flopscope.count.MatmulSite;
import java.util.Locale;
import java.util.function.IntFunction;

/** Sums of one product's result against the same sums by way of its operands. */
final class Comparison {
    private final MatmulSite site;
    private double worst;
    private Sums worstSums = new Sums("", 0, 0, 0);

    /**
     * Two sums that should be the same but for roundings.
     *
     * @param place what was summed
     * @param found by the result
     * @param expected by way of the operands
     * @param bound what roundings explain
     */
    private record Sums(String place, double found, double expected, double bound) {}

    /** Nothing has been compared yet. */
    Comparison(MatmulSite site) {
        this.site = site;
    }

    /**
     * Compares sums.
     *
     * @param places says what is in a sum
     * @param lengths how long the operand's rows or columns are that each belongs to
     * @param scale the bound for each unit of that length
     * @param terms how many products are in a sum: each may have been lost by underflow
     * @return the root of the mean square of the bounds
     */
    double sums(
            IntFunction<String> places,
            double[] found,
            double[] expected,
            double[] lengths,
            double scale,
            double terms) {
        double bounds = 0;
        int worstNumber = -1;
        for (int number = 0; number < found.length; number++) {
            double bound = scale * lengths[number] + Float.MIN_NORMAL * terms;
            double deviation = deviation(found[number], expected[number], bound);
            if (deviation > worst) {
                worst = deviation;
                worstNumber = number;
            }
            bounds += bound * bound;
        }
        if (worstNumber >= 0 && worst > 1) {
            double bound = scale * lengths[worstNumber] + Float.MIN_NORMAL * terms;
            worstSums = new Sums(places.apply(worstNumber), found[worstNumber], expected[worstNumber], bound);
        }
        return Math.sqrt(bounds / found.length);
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

    /** Whether roundings explain all deviations. */
    boolean holds() {
        return worst <= 1;
    }

    /** Where a product that does not hold deviates most. */
    String failure() {
        return String.format(
                Locale.ROOT,
                "%s: not proven in %s: signed sum %.9g, expected %.9g, bound %.3g",
                site,
                worstSums.place,
                worstSums.found,
                worstSums.expected,
                worstSums.bound);
    }
}
