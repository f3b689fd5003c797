package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a program on ND4J.
 *
 * @param envelope its beginning
 * @param convention what is counted, in words
 * @param flops FLOPs of all products
 * @param calls how many operations those were
 * @param seconds how long these took, added up over all threads
 * @param operations a row a region, operation and shape
 * @param complete whether no operation was executed that may hold products and has no formula
 */
public record CounterFile(
        @JsonUnwrapped Envelope envelope,
        String convention,
        long flops,
        long calls,
        double seconds,
        List<Row> operations,
        boolean complete) {
    /**
     * One operation at one shape in one region.
     *
     * @param region names of regions from the outermost, joined by slashes; empty outside of any
     * @param operation ND4J's name of it
     * @param shape its operands
     * @param basis {@code observed}, {@code declared} by a formula, or {@code uncounted}
     * @param calls how often it was executed
     * @param flops FLOPs of all calls; absent if uncounted
     * @param seconds how long all calls took
     * @param why why its formula failed, if it did
     */
    public record Row(
            String region,
            String operation,
            String shape,
            String basis,
            long calls,
            @Nullable Long flops,
            double seconds,
            @Nullable String why) {}
}
