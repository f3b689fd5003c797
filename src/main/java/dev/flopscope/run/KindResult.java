package dev.flopscope.run;

import dev.flopscope.flops.KindAccount;

/**
 * One kind of product over a whole pass: expected, counted and timed.
 *
 * @param expected the closed form
 * @param countedFlops FLOPs counted
 * @param countedCalls products counted
 * @param nanoseconds time inside the products
 */
public record KindResult(KindAccount expected, long countedFlops, long countedCalls, long nanoseconds) {
    /** Time inside the products. */
    public double seconds() {
        return nanoseconds / 1e9;
    }

    /** FLOPs counted a nanosecond, which is 10⁹ FLOPs a second; 0 if no time passed. */
    public double gflopsPerSecond() {
        return nanoseconds == 0 ? 0 : (double) countedFlops / nanoseconds;
    }
}
