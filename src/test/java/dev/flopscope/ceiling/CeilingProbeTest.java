package dev.flopscope.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Engine;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.SiteCount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.time.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CeilingProbeTest {
    private static final long MIB = 1L << 20;
    private static final SamplingBudget TINY = new SamplingBudget(Duration.ofMillis(1), 1, 3 * MIB);

    @Test
    void everyRateIsPositiveAndFiniteAndMeasuredOnce() {
        AtomicInteger quantities = new AtomicInteger();
        CeilingProbe probe = new CeilingProbe(
                ProbedShapes.OF_A_PROCESSOR,
                threads -> CpuBackend.start(Engine.OPENBLAS, threads),
                TINY,
                quantities::incrementAndGet);
        Ceilings ceilings = probe.of(2);

        assertThat(ceilings.threads()).isEqualTo(2);
        assertThat(ceilings.memory().arrayBytes()).isEqualTo(3 * MIB);
        assertThat(rates(ceilings))
                .hasSize(CeilingProbe.QUANTITIES)
                .allSatisfy(rate ->
                        assertThat(rate.median()).isPositive().isFinite().isLessThanOrEqualTo(rate.best()));
        assertThat(quantities).hasValue(CeilingProbe.QUANTITIES);
        assertThat(probe.of(2)).isSameAs(ceilings);
        assertThat(quantities).hasValue(CeilingProbe.QUANTITIES);
        assertEachProbeMultipliesInItsClass(ceilings);
    }

    private static Stream<Rate> rates(Ceilings ceilings) {
        return Stream.concat(
                Stream.of(
                        ceilings.fusedMultiplyAdd(),
                        ceilings.memory().read(),
                        ceilings.memory().write(),
                        ceilings.memory().triad()),
                ceilings.products().stream().map(ProductCeiling::gflopsPerSecond));
    }

    /** A rate of another class would be held against the wrong products. */
    private static void assertEachProbeMultipliesInItsClass(Ceilings ceilings) {
        for (ProductCeiling product : ceilings.products()) {
            assertThat(ShapeClass.of(product.m(), product.k(), product.n()))
                    .as(product.toString())
                    .isEqualTo(product.shapeClass());
        }
        // The values of the same tile.
        ProductCeiling scores = ceilings.productCeiling(ShapeClass.ATTENTION);
        assertThat(ShapeClass.of(scores.m(), scores.n(), scores.k())).isEqualTo(ShapeClass.ATTENTION);
    }

    /** The FLOPs that a rate is made of are those that the interceptor counts: the other way to know them. */
    @Test
    void theFlopsOfASampleAreThoseThatHappen() {
        try (Backend backend = CpuBackend.start(Engine.OPENBLAS, 2);
                Allocator memory = backend.allocator()) {
            List<Tensor> weights = WeightProbe.weights(backend, memory, 130 * MIB);
            assertThat(weights).hasSize(2);
            for (WeightProbe probe : List.of(
                    WeightProbe.large(backend, memory),
                    WeightProbe.of(backend, memory, 16, weights),
                    WeightProbe.of(backend, memory, 1, weights))) {
                FlopTally tally = new FlopTally();
                Interceptor counting = new Interceptor(backend.products(), backend.clock(), tally, Timeline.none());
                new WeightProbe(counting.products(), probe.clock(), probe.left(), probe.weights(), probe.result())
                        .sample();
                assertThat(counted(tally)).isEqualTo(probe.flops()).isPositive();
            }
        }
    }

    private static long counted(FlopTally tally) {
        return tally.snapshot().values().stream().mapToLong(SiteCount::flops).sum();
    }

    /** Slower than a multiply-add a second, or faster than a thousand vectors a nanosecond, it is no clock at all. */
    @Test
    void theCalibrationSaysHowFastTheMachineIsEachTimeItIsAsked() {
        try (Backend backend = CpuBackend.start(Engine.OPENBLAS, 2);
                Allocator memory = backend.allocator()) {
            SpeedCalibration calibration = new SpeedCalibration(backend, memory);
            assertThat(calibration.sample()).isBetween(1e-9, 32_000.0);
            assertThat(calibration.sample()).isBetween(1e-9, 32_000.0);
        }
    }

    @Test
    void threadsDoubleUpToTheMost() {
        assertThat(CeilingProbe.threadCounts(1)).containsExactly(1);
        assertThat(CeilingProbe.threadCounts(2)).containsExactly(1, 2);
        assertThat(CeilingProbe.threadCounts(6)).containsExactly(1, 2, 4, 6);
        assertThat(CeilingProbe.threadCounts(8)).containsExactly(1, 2, 4, 8);
    }

    @Test
    void arraysAreFourTimesTheCachesWithinWhatMemoryAllows() {
        long plenty = 1L << 40;
        assertThat(List.of(
                        SamplingBudget.of(2, 32 * MIB, plenty).arrayBytes(),
                        SamplingBudget.of(2, 0, plenty).arrayBytes(),
                        SamplingBudget.of(2, 1L << 40, plenty).arrayBytes(),
                        SamplingBudget.of(2, 32 * MIB, 1600 * MIB).arrayBytes(),
                        SamplingBudget.of(2, 32 * MIB, 1).arrayBytes()))
                .containsExactly(128 * MIB, 64 * MIB, 2048 * MIB, 100 * MIB, 64 * MIB);
        assertThat(SamplingBudget.of(5, 0, 0).sampling()).isEqualTo(Duration.ofMillis(75));
    }
}
