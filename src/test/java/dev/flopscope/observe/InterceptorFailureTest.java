package dev.flopscope.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulListener;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.Timeline;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the interceptor keeps silent of, and what becomes of a pass whose listeners fail. */
class InterceptorFailureTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite KEYS = new MatmulSite(MatmulKind.K_PROJ, 0);

    private final Backend backend = new ArrayBackend();
    private final Allocator memory = backend.allocator();
    private final FlopTally tally = new FlopTally();
    private final Told told = new Told();
    private long now;

    private Interceptor around(Products products) {
        return new Interceptor(products, () -> ++now, tally, told);
    }

    private Tensor ones(int rows, int columns) {
        return Matrices.filled(backend, memory, rows, columns, 1);
    }

    @Test
    void whatThrowsIsToldToNobody() {
        Interceptor context = around(failing());
        Tensor a = ones(2, 2);

        assertThatThrownBy(() -> context.products().multiply(KEYS, a, a, Right.AS_IS, a))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("planted");
        assertThatThrownBy(() -> context.products().project(KEYS, a, a, a)).hasMessage("planted");
        assertThatThrownBy(() -> context.operator(Operator.NORM, 1, InterceptorFailureTest::fail))
                .hasMessage("planted");
        assertThatThrownBy(() -> context.scope(Scope.LAYER, 1, InterceptorFailureTest::fail))
                .hasMessage("planted");

        assertThat(told.events).isEmpty();
        assertThat(tally.snapshot()).isEmpty();
    }

    private static Products failing() {
        return new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                fail();
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                fail();
            }
        };
    }

    private static void fail() {
        throw new ArithmeticException("planted");
    }

    /** One that fails between others that do not: those before and after it are counted, once each. */
    @Test
    void aFailureBetweenProductsCostsNoneOfThem() {
        Products products = around(backend.products()).products();
        Tensor a = ones(2, 2);

        products.multiply(QUERIES, a, a, Right.AS_IS, ones(2, 2));
        assertThatThrownBy(() -> products.multiply(KEYS, ones(2, 3), ones(4, 5), Right.AS_IS, ones(2, 5)))
                .isInstanceOf(IllegalArgumentException.class);
        products.multiply(KEYS, a, a, Right.AS_IS, ones(2, 2));

        SiteCount one = new SiteCount(Map.of(new MatmulShape(2, 2, 2), 1L));
        assertThat(tally.snapshot()).containsExactly(Map.entry(QUERIES, one), Map.entry(KEYS, one));
    }

    /** What a listener keeps after it failed cannot be trusted, so the pass stops and says where. */
    @Test
    void aListenerThatFailsStopsThePassAndNamesTheSite() {
        MatmulListener broken = (site, shape, batch) -> {
            throw new IllegalStateException("full");
        };
        Tensor a = ones(2, 2);
        Tensor result = ones(2, 2);
        Products counting = new Interceptor(backend.products(), () -> ++now, broken, told).products();

        assertThatThrownBy(() -> counting.multiply(QUERIES, a, a, Right.AS_IS, result))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a listener failed at layers.0.q_proj: full")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(told.events).as("nobody after it").isEmpty();
        assertThat(Matrices.values(backend, result))
                .as("the product was done")
                .isDeepEqualTo(Matrices.constant(2, 2, 2));

        Interceptor timing = new Interceptor(backend.products(), () -> ++now, tally, new Broken());
        assertThatThrownBy(() -> timing.products().project(KEYS, a, a, result))
                .hasMessage("a listener failed at layers.0.k_proj: broken");
        assertThatThrownBy(() -> timing.operator(Operator.NORM, 1, () -> {}))
                .hasMessage("a listener failed at norm: broken");
        assertThatThrownBy(() -> timing.scope(Scope.HEAD, -1, () -> {}))
                .hasMessage("a listener failed at head: broken");
    }

    @Test
    void aListenerThatFailsAtParallelWorkIsNamed() {
        Interceptor forking = new Interceptor(backend.products(), () -> ++now, tally, new BrokenAtFork());
        assertThatThrownBy(() -> forking.parallel(2, InterceptorFailureTest::fail))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a listener failed at parallel work: no threads");

        Interceptor joining = new Interceptor(backend.products(), () -> ++now, tally, new BrokenAtJoin());
        assertThatThrownBy(() -> joining.parallel(2, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a listener failed at parallel work: not joined");
    }

    /** One that failed at a product fails again when threads join; the product is what is to be named. */
    @Test
    void aFailureInParallelWorkIsNotHiddenByTheNext() {
        Tensor a = ones(2, 2);
        Interceptor joining = new Interceptor(backend.products(), () -> ++now, tally, new BrokenAtJoin());
        assertThatThrownBy(() ->
                        joining.parallel(2, () -> joining.products().multiply(QUERIES, a, a, Right.AS_IS, ones(2, 2))))
                .hasMessage("a listener failed at layers.0.q_proj: broken")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("a listener failed at parallel work: not joined"));
    }

    /** Fails when threads begin, before any work. */
    private static final class BrokenAtFork extends Broken {
        @Override
        public void parallel(int threads, long startNanoseconds) {
            throw new IllegalStateException("no threads");
        }
    }

    /** Fails when threads have joined. */
    private static final class BrokenAtJoin extends Broken {
        @Override
        public void joined(long endNanoseconds) {
            throw new IllegalStateException("not joined");
        }
    }

    /** Fails at everything. */
    private static class Broken implements Timeline {
        @Override
        public void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            throw new IllegalStateException("broken");
        }
    }
}
