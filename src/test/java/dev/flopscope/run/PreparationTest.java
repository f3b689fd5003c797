package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Timeline;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every product of a counted pass has been prepared, by kind and shape, whatever is measured. */
class PreparationTest {
    /** Of tokens that are decoded, all but the first and the last attend to lengths for which nothing is made. */
    private static final Set<MatmulKind> OF_EVERY_LENGTH = EnumSet.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);

    private final Set<Product> prepared = ConcurrentHashMap.newKeySet();
    private final Set<Product> counted = ConcurrentHashMap.newKeySet();
    private final Measurer measurer = new Measurer(new Instruments(
            ProgressListener.none(),
            Timeline.none(),
            run -> noting(CpuBackend.start(run.engine(), run.threads())),
            run -> SmallCeilings.CEILINGS,
            (backend, memory) -> () -> 100,
            line -> {},
            context -> new OtherProducts(context, new Noting(context.products(), counted))));

    private record Product(MatmulKind kind, MatmulShape shape) {}

    /** Notes products that it hands on. */
    private record Noting(Products products, Set<Product> noted) implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            note(site, left, result);
            products.multiply(site, left, right, rightIs, result);
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            note(site, left, result);
            products.project(site, left, weight, result);
        }

        private void note(MatmulSite site, Tensor left, Tensor result) {
            noted.add(new Product(site.kind(), new MatmulShape(result.rows(), left.columns(), result.columns())));
        }
    }

    /** {@code backend}, which notes what it is asked to prepare. */
    private Backend noting(Backend backend) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("prepare")) {
                        return method.invoke(backend, arguments);
                    }
                    @SuppressWarnings("unchecked")
                    Consumer<Products> rehearsal = (Consumer<Products>) arguments[0];
                    backend.prepare(products -> rehearsal.accept(new Noting(products, prepared)));
                    return null;
                });
    }

    @Test
    void whatARunCountsWasPrepared() {
        assertPrepared(measurer.run(run()));
    }

    @Test
    void whatAProfileCountsWasPrepared() {
        assertPrepared(measurer.profile(run(), Steadiness.within(0), 1));
    }

    private static RunSpec run() {
        return TestRuns.of(SmallModels.ALTERNATING)
                .batch(2)
                .context(11)
                .chunk(4)
                .decode(4)
                .build();
    }

    private void assertPrepared(Measurement measured) {
        assertThat(measured.agrees()).isTrue();
        assertThat(measured.phases())
                .hasSize(2)
                .allMatch(phase -> phase.preparationNanoseconds() > 0)
                .allMatch(phase -> phase.preparationNanoseconds() < measured.preparationNanoseconds());
        assertThat(counted)
                .isNotEmpty()
                .filteredOn(product -> !prepared.contains(product))
                .allMatch(product ->
                        OF_EVERY_LENGTH.contains(product.kind()) && lengthOf(product) > 12 && lengthOf(product) < 15);
    }

    private static long lengthOf(Product product) {
        return product.kind() == MatmulKind.ATTN_SCORES
                ? product.shape().n()
                : product.shape().k();
    }
}
