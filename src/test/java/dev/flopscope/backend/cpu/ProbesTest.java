package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Cpu;
import dev.flopscope.machine.MultiplyAddLoop;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbesTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multiplyAddsHaveARateWhetherTheyAreFusedOrNot(boolean fused) {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2)) {
            MultiplyAddProbe java = MultiplyAddProbe.inJava(runtime.workers(), fused);
            assertThat(java.sample()).isPositive().isFinite();
            assertThat(java.loop()).isEqualTo(MultiplyAddLoop.JAVA);
        }
    }

    /** Processors by their flags; wider loops than this machine has are not run. */
    @ParameterizedTest
    @CsvSource({"'', JAVA", "avx2, JAVA", "fma avx, JAVA", "fma avx2, AVX2"})
    void multiplyAddsAreInMachineCodeWhereTheProcessorHasThem(String flags, MultiplyAddLoop loop) {
        Set<String> all = flags.isEmpty() ? Set.of() : Set.of(flags.split(" ", -1));
        assumeTrue(
                loop == MultiplyAddLoop.JAVA || Cpu.detect().flags().containsAll(all),
                "this processor has not " + flags);
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            MultiplyAddProbe probe = MultiplyAddProbe.of(memory, new Cpu("some", 2, all));
            assertThat(probe.loop()).isEqualTo(loop);
            assertThat(probe.sample()).isPositive().isFinite();
        }
    }

    /** The FLOPs that a rate is made of are those that happen: the other way to know them. */
    @Test
    void theFlopsOfTilesAreThoseThatHappen() {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            LongAdder flops = new LongAdder();
            ProductEngine engine = new Nd4jEngine(runtime.workers());
            Products counting = new Products() {
                @Override
                public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                    engine.products().multiply(site, left, right, rightIs, result);
                    flops.add(new MatmulShape(result.rows(), left.columns(), result.columns()).flops());
                }

                @Override
                public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                    throw new AssertionError("tiles have no weights");
                }
            };
            TileProbe tiles = new TileProbe(engine, counting, memory, 32, 24, 8);
            tiles.sample();
            assertThat(tiles.flops()).isEqualTo(flops.sum()).isPositive();
        }
    }
}
