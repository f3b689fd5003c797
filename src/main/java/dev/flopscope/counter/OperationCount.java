package dev.flopscope.counter;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What was executed of one operation at one shape in one region.
 *
 * @param operation its name
 * @param shape the operands of a product, as {@code 1024×768·3072×768ᵀ}; otherwise the shapes of the arrays that it read
 * @param basis how its FLOPs are known
 * @param calls how often it was executed
 * @param total FLOPs of all calls; none if it is uncounted
 * @param why why it is uncounted, where it has a formula; null otherwise
 * @param nanoseconds how long all calls took
 */
public record OperationCount(
        String operation,
        String shape,
        Basis basis,
        long calls,
        OptionalLong total,
        @Nullable String why,
        long nanoseconds) {
    /** FLOPs of all calls; 0 if it is uncounted. */
    public long flops() {
        return total.orElse(0);
    }

    /**
     * This and {@code other}, which is the same operation at the same shape in another region.
     *
     * @throws ArithmeticException if there are more than 2⁶³−1 FLOPs in both
     */
    public OperationCount plus(OperationCount other) {
        return new OperationCount(
                operation,
                shape,
                basis,
                Math.addExact(calls, other.calls),
                OptionalLong.of(Math.addExact(flops(), other.flops())),
                why,
                Math.addExact(nanoseconds, other.nanoseconds));
    }
}
