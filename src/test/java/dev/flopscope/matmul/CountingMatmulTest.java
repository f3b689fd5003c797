package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class CountingMatmulTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite KEYS = new MatmulSite(MatmulKind.K_PROJ, 0);

    private final Nd4jRuntime runtime = Nd4jRuntime.start(1);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);
    private final FlopTally tally = new FlopTally();

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @Test
    void countsWhatTheOperandsSay() {
        Matmul matmul = new CountingMatmul(new Nd4jMatmul(), tally);

        matmul.multiply(QUERIES, ones(2, 3), ones(3, 5), Right.AS_IS, ones(2, 5));
        matmul.multiply(QUERIES, ones(2, 3), ones(5, 3), Right.TRANSPOSED, ones(2, 5));
        matmul.multiply(KEYS, ones(7, 1), ones(1, 4), Right.AS_IS, ones(7, 4));

        assertThat(tally.snapshot())
                .containsExactly(
                        Map.entry(QUERIES, new SiteCount(Map.of(new MatmulShape(2, 3, 5), 2L))),
                        Map.entry(KEYS, new SiteCount(Map.of(new MatmulShape(7, 1, 4), 1L))));
    }

    @Test
    void squareOperandsOfViewsAreCountedByTheViewNotTheMatrix() {
        Matmul matmul = new CountingMatmul(new Nd4jMatmul(), tally);
        var wide = Matrices.filled(memory, 8, 8, 1);

        matmul.multiply(
                QUERIES,
                wide.block(0, 4, 2, 2),
                wide.block(4, 4, 4, 2),
                Right.TRANSPOSED,
                Matrices.filled(memory, 8, 8, 0).block(0, 4, 0, 4));

        assertThat(tally.snapshot())
                .containsExactly(Map.entry(QUERIES, new SiteCount(Map.of(new MatmulShape(4, 2, 4), 1L))));
    }

    @Test
    void aProductThatThrowsIsNotCounted() {
        AtomicInteger calls = new AtomicInteger();
        Matmul engine = new Nd4jMatmul();
        Matmul matmul = new CountingMatmul(
                (site, left, right, rightIs, result) -> {
                    if (calls.incrementAndGet() == 3) {
                        throw new ArithmeticException("planted");
                    }
                    engine.multiply(site, left, right, rightIs, result);
                },
                tally);
        INDArray a = ones(2, 2);
        INDArray result = ones(2, 2);

        matmul.multiply(QUERIES, a, a, Right.AS_IS, result);
        matmul.multiply(KEYS, a, a, Right.AS_IS, result);
        assertThatThrownBy(() -> matmul.multiply(KEYS, a, a, Right.AS_IS, result))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("planted");
        matmul.multiply(KEYS, a, a, Right.AS_IS, result);

        SiteCount one = new SiteCount(Map.of(new MatmulShape(2, 2, 2), 1L));
        SiteCount two = new SiteCount(Map.of(new MatmulShape(2, 2, 2), 2L));
        assertThat(tally.snapshot()).containsExactly(Map.entry(QUERIES, one), Map.entry(KEYS, two));
    }

    @Test
    void aProductThatTheEngineRejectsIsNotCounted() {
        Matmul matmul = new CountingMatmul(new Nd4jMatmul(), tally);

        assertThatThrownBy(() -> matmul.multiply(QUERIES, ones(2, 3), ones(4, 5), Right.AS_IS, ones(2, 5)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(tally.snapshot()).isEmpty();
    }

    @Test
    void theTallyIsExactWhenEightThreadsMultiply() throws ExecutionException, InterruptedException {
        int threads = 8;
        int productsEach = 250; // at each of two sites
        Matmul matmul = new CountingMatmul(new Nd4jMatmul(), tally);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                futures.add(pool.submit(multiplications(matmul, productsEach, thread)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdown();
        }

        long each = (long) threads * productsEach;
        assertThat(tally.snapshot())
                .containsExactly(Map.entry(QUERIES, calls(each, 2, 3, 5)), Map.entry(KEYS, calls(each, 4, 3, 2)));
    }

    /** Products at two sites in turn, each result checked, since threads may share nothing. */
    private Runnable multiplications(Matmul matmul, int products, int value) {
        INDArray queries = Matrices.filled(memory, 2, 3, value).array();
        INDArray keys = Matrices.filled(memory, 4, 3, value).array();
        INDArray widths = ones(3, 5);
        INDArray transposed = ones(2, 3);
        var queryResult = Matrices.filled(memory, 2, 5, -1);
        var keyResult = Matrices.filled(memory, 4, 2, -1);
        return () -> {
            for (int product = 0; product < products; product++) {
                matmul.multiply(QUERIES, queries, widths, Right.AS_IS, queryResult.array());
                matmul.multiply(KEYS, keys, transposed, Right.TRANSPOSED, keyResult.array());
                assertThat(Matrices.values(queryResult)[1]).containsOnly(3.0 * value);
                assertThat(Matrices.values(keyResult)[3]).containsOnly(3.0 * value);
            }
        };
    }

    private static SiteCount calls(long calls, long m, long k, long n) {
        return new SiteCount(Map.of(new MatmulShape(m, k, n), calls));
    }

    private INDArray ones(int rows, int columns) {
        return Matrices.filled(memory, rows, columns, 1).array();
    }
}
