package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.api.FlopCounter;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.counter.RegionCount;
import dev.flopscope.time.Timeline;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Flopscope's own pass by ND4J, counted twice: by the interceptor above the boundary, and by the counter below it. */
class CountedByFlopCounterTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    /** Every product of a pass in a region, so that those of its preparation are told apart. */
    private record InARegion(Products products, FlopCounter counter) implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            counter.region("pass", () -> products.multiply(site, left, right, rightIs, result));
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            counter.region("pass", () -> products.project(site, left, weight, result));
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void interceptorAndCounterAgree(ModelConfig model) {
        RunSpec spec = TestRuns.of(model).batch(2).context(7).decode(3).build();
        try (FlopCounter counter = FlopCounter.open()) {
            Measurement measured = new Measurer(new Instruments(
                            ProgressListener.none(),
                            Timeline.none(),
                            run -> CpuBackend.start(run.engine(), run.threads()),
                            run -> SmallCeilings.CEILINGS,
                            (backend, memory) -> () -> 100,
                            line -> {},
                            context -> new OtherProducts(context, new InARegion(context.products(), counter))))
                    .run(spec);

            RegionCount passes = counter.counts().region("pass");
            assertThat(measured.agrees()).isTrue();
            assertThat(passes.uncounted()).isEmpty();
            assertThat(passes.flops())
                    .isEqualTo(measured.phases().stream()
                            .mapToLong(PhaseMeasurement::countedFlops)
                            .sum());
        }
    }
}
