package dev.flopscope.machine;

/**
 * How fast something went, over several samples, after the warm-up. The unit is that of the field that holds it.
 *
 * @param median the middle sample: what to expect
 * @param best the fastest sample: what the machine can do
 * @param samples how many
 * @param steady whether the rate had stopped growing when the samples began
 */
public record Rate(double median, double best, int samples, boolean steady) {
    /**
     * Checks that these are rates.
     *
     * @throws IllegalArgumentException if the rates are not positive and finite, the best is not the best, or there is no
     *     sample
     */
    public Rate {
        if (!(median > 0) || !(best >= median) || Double.isInfinite(best) || samples < 1) {
            throw new IllegalArgumentException("no rate: median=" + median + ", best=" + best + ", samples=" + samples);
        }
    }

    /** Of two measurements of the same thing at different times, the one that says more of what the machine can do. */
    Rate faster(Rate other) {
        return best >= other.best ? this : other;
    }
}
