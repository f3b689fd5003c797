package dev.flopscope.api;

import java.util.Map;
import java.util.Objects;

/**
 * What a test says of the products that a program executed on ND4J. Every method throws an {@link AssertionError} with both
 * numbers, their ratio and a table of what was counted, if it is not so.
 *
 * <pre>{@code
 * FlopAssert.assertThatFlops(() -> network.output(x)).areAllCounted().areEqualTo("2*rows*in*out", sizes);
 * }</pre>
 */
public final class FlopAssert {
    private final FlopCounter counted;

    private FlopAssert(FlopCounter counted) {
        this.counted = counted;
    }

    /**
     * Runs a program and counts what it multiplies, on any thread until it returns.
     *
     * @throws RuntimeException whatever the program throws
     */
    public static FlopAssert assertThatFlops(Runnable program) {
        try (FlopCounter counter = FlopCounter.open()) {
            program.run();
            return new FlopAssert(counter);
        }
    }

    /** What {@code counter} has counted, which may still be open. */
    public static FlopAssert assertThat(FlopCounter counter) {
        return new FlopAssert(Objects.requireNonNull(counter));
    }

    /** That FLOPs are just so many. */
    public FlopAssert areEqualTo(long flops) {
        return areEqualTo(Expected.flops(flops));
    }

    /** That FLOPs are just what was expected. */
    public FlopAssert areEqualTo(Expected expected) {
        long flops = counted.flops();
        if (flops != expected.flops()) {
            throw new AssertionError("expected " + expected.words()
                    + (expected.words().equals(Long.toString(expected.flops())) ? "" : " = " + expected.flops())
                    + " FLOPs, counted " + flops
                    + (expected.flops() == 0 ? "" : ", " + (double) flops / expected.flops() + " times as many")
                    + "\n" + counted.table());
        }
        return this;
    }

    /** That FLOPs are what a formula says. */
    public FlopAssert areEqualTo(String formula, Map<String, Long> sizes) {
        return areEqualTo(Expected.formula(formula, sizes));
    }

    /** That FLOPs are no more than that. */
    public FlopAssert areAtMost(long flops) {
        if (counted.flops() > flops) {
            throw new AssertionError(
                    "expected at most " + flops + " FLOPs, counted " + counted.flops() + "\n" + counted.table());
        }
        return this;
    }

    /** That nothing was executed that may hold products and has no formula. */
    public FlopAssert areAllCounted() {
        if (!counted.counts().uncounted().isEmpty()) {
            throw new AssertionError("expected that everything is counted\n" + counted.table());
        }
        return this;
    }
}
