package dev.flopscope.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class FlopProfilerTest {
    @Test
    @SuppressWarnings("rawtypes")
    void flopsOfEachOperationAreASecondaryResult() throws RunnerException {
        RunResult run = new Runner(new OptionsBuilder()
                        .include(ProductBenchmark.class.getName())
                        .addProfiler(FlopProfiler.class)
                        .forks(0)
                        .threads(2)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(20))
                        .measurementIterations(2)
                        .measurementTime(TimeValue.milliseconds(50))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();

        assertThat(run.getSecondaryResults()).containsOnlyKeys("flops", "gflops");
        Result each = Objects.requireNonNull(run.getSecondaryResults().get("flops"));
        assertThat(each.getScoreUnit()).isEqualTo("FLOP/op");
        assertThat(each.getScore()).isEqualTo(2.0 * 32 * 48 * 64);
        Result rate = Objects.requireNonNull(run.getSecondaryResults().get("gflops"));
        assertThat(rate.getScore()).isPositive();
    }
}
