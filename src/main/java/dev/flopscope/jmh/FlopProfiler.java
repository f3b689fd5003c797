package dev.flopscope.jmh;

import dev.flopscope.api.FlopCounter;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A profiler for JMH, {@code -prof dev.flopscope.jmh.FlopProfiler}, with two secondary results of each benchmark: {@code
 * flops}, the FLOPs of the products on ND4J in one operation, and {@code gflops}, 10⁹ of them a second of the iteration's wall
 * time, all threads together. {@code flops.uncounted} is how many operations without a formula were executed, if any were.
 */
public final class FlopProfiler implements InternalProfiler {
    private @Nullable FlopCounter counter;
    private long began;

    /** For JMH. */
    public FlopProfiler() {}

    @Override
    public String getDescription() {
        return "FLOPs of matrix products on ND4J, and GFLOP/s";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        counter = FlopCounter.open();
        began = System.nanoTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long nanoseconds = System.nanoTime() - began;
        FlopCounter counted = counter;
        if (counted == null) {
            return List.of();
        }
        counted.close();
        counter = null;
        return results(
                counted.flops(),
                result.getMetadata().getAllOps(),
                nanoseconds,
                counted.counts().uncounted().size());
    }

    private static List<ScalarResult> results(long flops, long operations, long nanoseconds, long uncounted) {
        ScalarResult each =
                new ScalarResult("flops", (double) flops / Math.max(1, operations), "FLOP/op", AggregationPolicy.AVG);
        ScalarResult rate =
                new ScalarResult("gflops", (double) flops / Math.max(1, nanoseconds), "GFLOP/s", AggregationPolicy.AVG);
        return uncounted == 0
                ? List.of(each, rate)
                : List.of(
                        each,
                        rate,
                        new ScalarResult("flops.uncounted", uncounted, "operations", AggregationPolicy.SUM));
    }
}
