package dev.flopscope.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.count.FlopTally;
import dev.flopscope.count.SiteCount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.Weight;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CeilingProbeTest {
    private static final long MIB = 1L << 20;
    private static final Effort TINY = new Effort(Duration.ofMillis(1), 1, 3 * MIB);

    @Test
    void everyRateIsPositiveAndFiniteAndMeasuredOnce() {
        AtomicInteger quantities = new AtomicInteger();
        CeilingProbe probe =
                new CeilingProbe(runtime -> ProbedEngine.rowByRow(new Nd4jMatmul()), TINY, quantities::incrementAndGet);
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
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            FlopTally tally = new FlopTally();
            CountingMatmul counting = new CountingMatmul(new Nd4jMatmul(), tally);
            TileProbe tiles = new TileProbe(counting, memory);
            tiles.sample();
            assertThat(tiles.flops()).isEqualTo(counted(tally));

            ProbedEngine engine = ProbedEngine.rowByRow(counting);
            List<Weight> weights = WeightProbe.weights(engine, memory, 130 * MIB);
            assertThat(weights).hasSize(2);
            for (WeightProbe probe : List.of(
                    WeightProbe.large(engine, memory),
                    WeightProbe.skinny(counting, memory, weights),
                    WeightProbe.vector(counting, memory, weights))) {
                long before = counted(tally);
                probe.sample();
                assertThat(counted(tally) - before).isEqualTo(probe.flops()).isPositive();
            }
        }
    }

    private static long counted(FlopTally tally) {
        return tally.snapshot().values().stream().mapToLong(SiteCount::flops).sum();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multiplyAddsHaveARateWhetherTheyAreFusedOrNot(boolean fused) {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2)) {
            assertThat(new MultiplyAddProbe(runtime.workers(), fused).sample())
                    .isPositive()
                    .isFinite();
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
                        Effort.of(2, 32 * MIB, plenty).arrayBytes(),
                        Effort.of(2, 0, plenty).arrayBytes(),
                        Effort.of(2, 1L << 40, plenty).arrayBytes(),
                        Effort.of(2, 32 * MIB, 1600 * MIB).arrayBytes(),
                        Effort.of(2, 32 * MIB, 1).arrayBytes()))
                .containsExactly(128 * MIB, 64 * MIB, 2048 * MIB, 100 * MIB, 64 * MIB);
        assertThat(Effort.of(5, 0, 0).sampling()).isEqualTo(Duration.ofMillis(75));
    }
}
