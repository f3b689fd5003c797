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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the interceptor tells, of what, when, and of what it keeps silent. */
class InterceptorTest {
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
    void countsWhatTheOperandsSay() {
        Products products = around(backend.products()).products();

        products.multiply(QUERIES, ones(2, 3), ones(3, 5), Right.AS_IS, ones(2, 5));
        products.multiply(QUERIES, ones(2, 3), ones(5, 3), Right.TRANSPOSED, ones(2, 5));
        products.project(QUERIES, ones(2, 3), ones(5, 3), ones(2, 5));
        products.multiply(KEYS, ones(7, 1), ones(1, 4), Right.AS_IS, ones(7, 4));

        assertThat(tally.snapshot())
                .containsExactly(
                        Map.entry(QUERIES, new SiteCount(Map.of(new MatmulShape(2, 3, 5), 3L))),
                        Map.entry(KEYS, new SiteCount(Map.of(new MatmulShape(7, 1, 4), 1L))));
    }

    @Test
    void theProductIsTheBackends() {
        Tensor result = ones(2, 2);
        around(backend.products()).products().multiply(QUERIES, ones(2, 9), ones(9, 2), Right.AS_IS, result);
        assertThat(Matrices.values(backend, result)).isDeepEqualTo(Matrices.constant(2, 2, 9));
    }

    /** A view is counted by its own extents, not by those of the buffer that it is the beginning of. */
    @Test
    void viewsAreCountedByTheirOwnExtents() {
        Tensor wide = ones(8, 8);
        around(backend.products())
                .products()
                .multiply(
                        QUERIES,
                        backend.view(wide, 4, 2),
                        backend.view(ones(8, 8), 4, 2),
                        Right.TRANSPOSED,
                        backend.view(ones(8, 8), 4, 4));
        assertThat(tally.snapshot())
                .containsExactly(Map.entry(QUERIES, new SiteCount(Map.of(new MatmulShape(4, 2, 4), 1L))));
    }

    @Test
    void aProductIsToldWithItsShapeAndTheMomentsAroundIt() {
        Products slow = new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                now += 100;
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                now += 1000;
            }
        };
        Products products = around(slow).products();

        products.multiply(QUERIES, ones(4, 3), ones(5, 3), Right.TRANSPOSED, ones(4, 5));
        products.project(KEYS, ones(2, 3), ones(7, 3), ones(2, 7));

        assertThat(told.events).containsExactly("layers.0.q_proj 4×3×5 1-102", "layers.0.k_proj 2×3×7 103-1104");
    }

    @Test
    void operatorsAndScopesAreToldWithTheirLayersAfterWhatTheyHold() {
        Interceptor context = around(backend.products());

        context.scope(Scope.LAYER, 3, () -> {
            context.operator(Operator.NORM, 3, () -> now += 10);
            context.scope(Scope.ATTENTION, 3, () -> context.operator(Operator.ROTARY, 3, () -> now += 100));
        });

        assertThat(told.events)
                .containsExactly("norm 3 2-13", "rotary 3 15-116", "attention 3 14-117", "layer 3 1-118");
    }

    @Test
    void parallelWorkIsToldFromItsBeginningToItsEndEvenIfItThrows() {
        Interceptor context = around(backend.products());

        context.parallel(3, () -> context.operator(Operator.SOFTMAX, 1, () -> {}));
        assertThatThrownBy(() -> context.parallel(2, () -> {
                    throw new ArithmeticException("planted");
                }))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("planted");

        assertThat(told.events)
                .containsExactly("3 threads from 1", "softmax 1 2-3", "joined 4", "2 threads from 5", "joined 6");
    }

    /** The end of a span is taken before anyone is told of it, so that a slow listener never makes a product longer. */
    @Test
    void aSlowListenerIsNoPartOfAProduct() {
        MatmulListener slow = (site, shape, batch) -> now += 1_000_000;
        Tensor a = ones(2, 2);
        Products products = new Interceptor(backend.products(), () -> ++now, slow, told).products();

        products.multiply(QUERIES, a, a, Right.AS_IS, ones(2, 2));
        products.multiply(QUERIES, a, a, Right.AS_IS, ones(2, 2));

        assertThat(told.events).containsExactly("layers.0.q_proj 2×2×2 1-2", "layers.0.q_proj 2×2×2 1000003-1000004");
    }

    @Test
    void theTallyIsExactWhenEightThreadsMultiply() throws ExecutionException, InterruptedException {
        int threads = 8;
        int productsEach = 250; // at each of two sites
        Products products = new Interceptor(backend.products(), System::nanoTime, tally, Timeline.none()).products();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                futures.add(pool.submit(multiplications(products, productsEach, thread)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdown();
        }

        long each = (long) threads * productsEach;
        assertThat(tally.snapshot())
                .containsExactly(
                        Map.entry(QUERIES, new SiteCount(Map.of(new MatmulShape(2, 3, 5), each))),
                        Map.entry(KEYS, new SiteCount(Map.of(new MatmulShape(4, 3, 2), each))));
    }

    /** Products at two sites in turn, each result checked, since threads may share nothing. */
    private Runnable multiplications(Products products, int number, int value) {
        Tensor queries = Matrices.filled(backend, memory, 2, 3, value);
        Tensor keys = Matrices.filled(backend, memory, 4, 3, value);
        Tensor widths = ones(3, 5);
        Tensor transposed = ones(2, 3);
        Tensor queryResult = ones(2, 5);
        Tensor keyResult = ones(4, 2);
        return () -> {
            for (int product = 0; product < number; product++) {
                products.multiply(QUERIES, queries, widths, Right.AS_IS, queryResult);
                products.project(KEYS, keys, transposed, keyResult);
                assertThat(Matrices.values(backend, queryResult)[1]).containsOnly(3.0 * value);
                assertThat(Matrices.values(backend, keyResult)[3]).containsOnly(3.0 * value);
            }
        };
    }
}
