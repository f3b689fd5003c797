package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CeilingsTest {
    private static final long ARRAY = 1 << 20;

    private static Rate rate(double best) {
        return new Rate(best / 2, best, 5, true);
    }

    /** Multiply-adds of 100 GFLOP/s, reading at 20 GB/s, and products as given. */
    private static Ceilings ceilings(double large, double vector) {
        return ceilings(MultiplyAddLoop.AVX512, large, vector);
    }

    private static Ceilings ceilings(MultiplyAddLoop loop, double large, double vector) {
        return new Ceilings(
                2,
                loop,
                rate(100),
                new MemoryBandwidth(rate(20e9), rate(10e9), rate(15e9), ARRAY),
                List.of(
                        new ProductCeiling(ShapeClass.LARGE, 1024, 1600, 6400, rate(large)),
                        new ProductCeiling(ShapeClass.ATTENTION, 256, 64, 1024, rate(80)),
                        new ProductCeiling(ShapeClass.SKINNY, 16, 2048, 8192, rate(40)),
                        new ProductCeiling(ShapeClass.VECTOR, 1, 2048, 8192, rate(vector))));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 10", "1, 20", "4.999, 99.98", "5, 100", "5.001, 100", "1000, 100"})
    void theRooflineIsTheLowerOfComputeAndIntensityTimesBandwidth(double intensity, double gflops) {
        assertThat(ceilings(90, 1).roofline(intensity)).isCloseTo(gflops, within(1e-9));
        assertThat(ceilings(90, 1).balance()).isCloseTo(5, within(1e-12));
    }

    @Test
    void theComputeRoofIsTheFastestOfTheLoopAndTheProductsAndSaysWhich() {
        assertThat(ceilings(90, 1).computePeak()).isEqualTo(new Peak(100, "multiply-adds, AVX-512 loop"));
        assertThat(ceilings(102, 1).computePeak()).isEqualTo(new Peak(102, "large product"));
        assertThat(ceilings(102, 1).roofline(1000)).isEqualTo(102);
    }

    @Test
    void aProductThatIsFasterThanMultiplyAddsInMachineCodeIsAnErrorAndOneFasterThanJavaIsNot() {
        assertThat(ceilings(100, 1).measurementErrors()).isEmpty();
        assertThat(ceilings(101, 1).measurementErrors())
                .containsExactly("large products reached 101.0 GFLOP/s with 2 threads, and multiply-adds alone 100.0:"
                        + " the machine was slower when these were measured.");
        assertThat(ceilings(MultiplyAddLoop.JAVA, 101, 1).measurementErrors()).isEmpty();
    }

    @Test
    void theMemoryRoofIsTheFastestOfTheArraysAndTheVectorProductAndSaysWhich() {
        assertThat(ceilings(90, 1).memoryPeak()).isEqualTo(new Peak(20e9, "read"));
        // 2·2048·8192 FLOPs move 4·(2048 + 2048·8192 + 8192) bytes: 33,554,432 and 67,149,824.
        Peak vector = ceilings(90, 15).memoryPeak();
        assertThat(vector.source()).isEqualTo("vector product");
        assertThat(vector.value()).isCloseTo(15e9 * 67_149_824 / 33_554_432, within(1.0));
    }

    /** A machine that was slow when the one was measured and fast for the other, and the other way round. */
    @Test
    void theFasterOfTwoMeasurementsIsTakenRateByRate() {
        Ceilings faster = ceilings(90, 15).faster(ceilings(102, 1));
        assertThat(faster).isEqualTo(ceilings(102, 15));
        assertThat(ceilings(102, 1).faster(ceilings(90, 15))).isEqualTo(faster);
        Ceilings alone = new Ceilings(1, faster.loop(), rate(1), faster.memory(), faster.products());
        assertThatThrownBy(() -> faster.faster(alone)).hasMessage("ceilings of 2 and of 1 threads");
    }

    @Test
    void intensityCountsEachOperandOnceInFloat32() {
        // 2·3·5·7 FLOPs over 4·(15 + 35 + 21) bytes.
        assertThat(new ProductCeiling(ShapeClass.SKINNY, 3, 5, 7, rate(1)).flopsPerByte())
                .isCloseTo(210.0 / 284, within(1e-12));
    }

    @Test
    void aShapeMeetsTheCeilingOfItsClass() {
        Ceilings ceilings = ceilings(90, 1);
        assertThat(ceilings.productCeiling(1024, 768, 50257).gflopsPerSecond().best())
                .isEqualTo(90);
        assertThat(ceilings.productCeiling(256, 1024, 64).gflopsPerSecond().best())
                .isEqualTo(80);
        assertThat(ceilings.productCeiling(8, 768, 3072).gflopsPerSecond().best())
                .isEqualTo(40);
        assertThat(ceilings.productCeiling(1, 768, 50257).gflopsPerSecond().best())
                .isEqualTo(1);
    }

    /** The rule, restated as intervals, on a grid that has both sides of every bound. */
    @Test
    void everyShapeOfAGridIsInOneClass() {
        long[] extents = {1, 2, 31, 32, 33, 64, 255, 256, 257, 1024, 50257};
        for (long m : extents) {
            for (long k : extents) {
                for (long n : extents) {
                    List<ShapeClass> expected = new ArrayList<>();
                    boolean matrices = m > 1 && k > 1 && n > 1;
                    boolean narrow = k < 257 || n < 257;
                    if (!matrices) {
                        expected.add(ShapeClass.VECTOR);
                    }
                    if (matrices && m < 33) {
                        expected.add(ShapeClass.SKINNY);
                    }
                    if (matrices && m >= 33 && narrow) {
                        expected.add(ShapeClass.ATTENTION);
                    }
                    if (matrices && m >= 33 && !narrow) {
                        expected.add(ShapeClass.LARGE);
                    }
                    assertThat(expected).as(m + "×" + k + "×" + n).containsExactly(ShapeClass.of(m, k, n));
                }
            }
        }
    }

    @Test
    void whatIsNoShapeNoRateOrNoIntensityIsRefused() {
        assertThatThrownBy(() -> ShapeClass.of(1, 0, 1)).hasMessageContaining("1×0×1");
        assertThatThrownBy(() -> ceilings(90, 1).roofline(0)).hasMessageContaining("0.0");
        assertThatThrownBy(() -> ceilings(90, 1).roofline(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Rate(0, 1, 1, true)).hasMessageContaining("median=0.0");
        assertThatThrownBy(() -> new Rate(2, 1, 1, true)).hasMessageContaining("best=1.0");
        assertThatThrownBy(() -> new Rate(1, Double.POSITIVE_INFINITY, 1, true)).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> new Rate(1, 1, 0, true)).hasMessageContaining("samples=0");
        Ceilings whole = ceilings(90, 1);
        List<ProductCeiling> three = whole.products().subList(0, 3);
        assertThatThrownBy(() -> new Ceilings(2, whole.loop(), whole.fusedMultiplyAdd(), whole.memory(), three))
                .hasMessageContaining("vector");
    }
}
