package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbesTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multiplyAddsHaveARateWhetherTheyAreFusedOrNot(boolean fused) {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2)) {
            assertThat(new MultiplyAddProbe(runtime.workers(), fused).sample())
                    .isPositive()
                    .isFinite();
        }
    }

    /** The FLOPs that a rate is made of are those that happen: the other way to know them. */
    @Test
    void theFlopsOfTilesAreThoseThatHappen() {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            LongAdder flops = new LongAdder();
            ProductEngine engine = new Nd4jEngine(2);
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
