package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every algorithm, tile, chunk and window on small extents against a plain double loop, and every product's shape against
 * a loop over positions.
 */
class AttentionTest {
    private static final int BATCH = 2;
    private static final int MOST_QUERIES = 6;
    private static final int MOST_PAST = 5;
    private static final int POSITIONS = MOST_QUERIES + MOST_PAST;
    private static final int LAYER = 3;
    private static final List<OptionalInt> WINDOWS = List.of(
            OptionalInt.empty(),
            OptionalInt.of(1),
            OptionalInt.of(2),
            OptionalInt.of(3),
            OptionalInt.of(4),
            OptionalInt.of(7),
            OptionalInt.of(100));

    private static AttentionConfig heads(int heads, int keyValueHeads, int headDim, OptionalInt window) {
        return new AttentionConfig(heads, keyValueHeads, headDim, new RotaryConfig(10_000), window);
    }

    static Stream<Arguments> algorithms() {
        List<Arguments> all = new ArrayList<>();
        for (Engine engine : List.of(Engine.ONEDNN, Engine.OPENBLAS)) {
            all.add(Arguments.of(engine, Attention.full()));
            for (int rows = 1; rows <= 5; rows++) {
                for (int columns = 1; columns <= 5; columns++) {
                    all.add(Arguments.of(engine, new Attention(Algorithm.TILED, rows, columns)));
                    all.add(Arguments.of(engine, new Attention(Algorithm.CAUSAL, rows, columns)));
                }
            }
        }
        return all.stream();
    }

    /** One operator serves every chunk, as it does in a run. */
    @ParameterizedTest
    @MethodSource("algorithms")
    void outputsAndProductsAreThoseOfPlainLoops(Engine engine, Attention attention) {
        try (Fixture fixture = new Fixture(engine, attention, heads(4, 2, 6, OptionalInt.empty()))) {
            for (OptionalInt window : WINDOWS) {
                for (int queries = 1; queries <= MOST_QUERIES; queries++) {
                    for (int past = 0; past <= MOST_PAST; past++) {
                        fixture.check(heads(4, 2, 6, window), new Chunk(BATCH, queries, past), true);
                    }
                    fixture.check(heads(4, 2, 6, window), new Chunk(BATCH, queries, 0), false);
                }
            }
        }
    }

    /** Blocks of one model may have other heads, each narrower than the widest. */
    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void headsOfSeveralKindsShareAnOperator(Engine engine) {
        for (Attention attention : List.of(Attention.full(), new Attention(Algorithm.CAUSAL, 3, 4))) {
            AttentionConfig wide = heads(2, 2, 10, OptionalInt.empty());
            AttentionConfig narrow = heads(6, 1, 2, OptionalInt.of(3));
            try (Fixture fixture = new Fixture(engine, attention, wide, narrow)) {
                for (Chunk chunk : List.of(new Chunk(BATCH, 5, 2), new Chunk(BATCH, 1, 6), new Chunk(1, 6, 0))) {
                    fixture.check(narrow, chunk, true);
                    fixture.check(wide, chunk, true);
                }
            }
        }
    }

    @Test
    void onlyWholeScoresComeFromTheActivations() {
        for (Attention attention : List.of(Attention.full(), Attention.of(Algorithm.TILED))) {
            try (Fixture fixture = new Fixture(Engine.OPENBLAS, attention, heads(4, 2, 6, OptionalInt.empty()))) {
                boolean whole = attention.algorithm() == Algorithm.FULL;
                assertThat(fixture.activations.allocatedBytes()).isEqualTo(whole ? 4L * MOST_QUERIES * POSITIONS : 0);
                assertThat(fixture.scratch.allocatedBytes() > 0).isEqualTo(!whole);
            }
        }
    }

    /** A backend with an operator for every chunk. */
    private static final class Fixture implements AutoCloseable {
        private final Attention attention;
        private final Backend backend;
        private final Allocator activations;
        private final Allocator scratch;
        private final AttentionOperator operator;

        Fixture(Engine engine, Attention attention, AttentionConfig... heads) {
            this.attention = attention;
            this.backend = CpuBackend.start(engine, 2);
            this.activations = backend.allocator();
            this.scratch = backend.allocator();
            this.operator = backend.attention(
                    attention, List.of(heads), new Chunk(BATCH, MOST_QUERIES, 0), POSITIONS, activations, scratch);
        }

        @Override
        public void close() {
            scratch.close();
            activations.close();
            backend.close();
        }

        void check(AttentionConfig heads, Chunk chunk, boolean cached) {
            String name = attention + ", " + heads + ", " + chunk;
            double[][] queries = Matrices.random(1, (int) chunk.rows(), heads.queryWidth(), 2);
            double[][] keys = Matrices.random(2, chunk.batch() * chunk.end(), heads.keyWidth(), 2);
            double[][] values = Matrices.random(3, chunk.batch() * chunk.end(), heads.keyWidth(), 1);
            Told told = new Told(backend.products());
            try (Allocator memory = backend.allocator()) {
                Tensor output = Matrices.filled(backend, memory, queries.length, heads.queryWidth(), Double.NaN);
                KeyValues keyValues = cached
                        ? cache(heads, chunk, keys, values, memory)
                        : backend.uncached(
                                Matrices.of(backend, memory, keys), Matrices.of(backend, memory, values), chunk, heads);

                operator.attend(
                        LAYER,
                        heads,
                        Optional.empty(),
                        chunk,
                        Matrices.of(backend, memory, queries),
                        keyValues,
                        output,
                        told);

                assertIsAttention(name, Matrices.values(backend, output), heads, chunk, queries, keys, values);
            }
            assertThat(told.shapes(MatmulKind.ATTN_SCORES)).as(name).isEqualTo(expectedShapes(heads, chunk, true));
            assertThat(told.shapes(MatmulKind.ATTN_VALUES)).as(name).isEqualTo(expectedShapes(heads, chunk, false));
            assertThat(told.softmaxes).as(name).hasPositiveValue();
        }

        /** What a chunk before it has appended, and the chunk itself; later positions hold what would show. */
        private KeyValues cache(
                AttentionConfig heads, Chunk chunk, double[][] keys, double[][] values, Allocator memory) {
            int capacity = POSITIONS + 1;
            KeyValues cache = backend.cache(chunk.batch(), heads, capacity, memory);
            Tensor poison = Matrices.filled(backend, memory, chunk.batch() * capacity, heads.keyWidth(), Double.NaN);
            backend.operators().append(cache, poison, poison, new Chunk(chunk.batch(), capacity, 0));
            for (Chunk part : parts(chunk)) {
                backend.operators()
                        .append(
                                cache,
                                Matrices.of(backend, memory, rows(keys, chunk, part)),
                                Matrices.of(backend, memory, rows(values, chunk, part)),
                                part);
            }
            return cache;
        }

        private static List<Chunk> parts(Chunk chunk) {
            return chunk.past() == 0 ? List.of(chunk) : List.of(new Chunk(chunk.batch(), chunk.past(), 0), chunk);
        }

        /** The rows of {@code part} out of those of all positions. */
        private static double[][] rows(double[][] all, Chunk chunk, Chunk part) {
            List<double[]> rows = new ArrayList<>();
            for (int sequence = 0; sequence < chunk.batch(); sequence++) {
                int first = sequence * chunk.end();
                rows.addAll(Arrays.asList(all).subList(first + part.past(), first + part.end()));
            }
            return rows.toArray(double[][]::new);
        }

        /** Position by position: which tile holds whom, and whether it is computed. */
        private Map<String, Integer> expectedShapes(AttentionConfig heads, Chunk chunk, boolean scores) {
            Map<String, Integer> shapes = new TreeMap<>();
            if (chunk.queries() == 1) {
                int seen = Math.min(chunk.end(), heads.window().orElse(chunk.end()));
                String shape = shape(heads.headsPerKeyValue(), heads.headDim(), seen, scores);
                return Map.of(shape, chunk.batch() * heads.numKvHeads());
            }
            int rows = attention.queryTile(chunk.queries());
            int columns = attention.keyTile(chunk.end());
            for (int query = 0; query < chunk.queries(); query += rows) {
                int height = Math.min(rows, chunk.queries() - query);
                for (int key = 0; key < chunk.end(); key += columns) {
                    int width = Math.min(columns, chunk.end() - key);
                    if (!attention.skipsMaskedTiles()
                            || mayBeSeen(
                                    heads, chunk.past() + query, chunk.past() + query + height, key, key + width)) {
                        shapes.merge(
                                shape(height, heads.headDim(), width, scores),
                                chunk.batch() * heads.numHeads(),
                                Integer::sum);
                    }
                }
            }
            return shapes;
        }

        private static String shape(int queries, int headDim, int keys, boolean scores) {
            return (scores ? new MatmulShape(queries, headDim, keys) : new MatmulShape(queries, keys, headDim))
                    .toString();
        }

        /** Whether any of some queries sees any of some keys. */
        private static boolean mayBeSeen(AttentionConfig heads, int fromQuery, int toQuery, int fromKey, int toKey) {
            for (int query = fromQuery; query < toQuery; query++) {
                for (int key = fromKey; key < toKey; key++) {
                    if (sees(heads, query, key)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static boolean sees(AttentionConfig heads, int query, int key) {
        return key <= query && key > query - heads.window().orElse(Integer.MAX_VALUE);
    }

    private static void assertIsAttention(
            String name,
            double[][] output,
            AttentionConfig heads,
            Chunk chunk,
            double[][] queries,
            double[][] keys,
            double[][] values) {
        int d = heads.headDim();
        for (int row = 0; row < output.length; row++) {
            int sequence = row / chunk.queries();
            int query = chunk.past() + row % chunk.queries();
            for (int head = 0; head < heads.numHeads(); head++) {
                double[] q = Arrays.copyOfRange(queries[row], head * d, (head + 1) * d);
                int shared = head / heads.headsPerKeyValue();
                double[] exact = attended(heads, q, query, sequence * chunk.end(), shared * d, keys, values);
                for (int i = 0; i < d; i++) {
                    // Exponentials to 2⁻²⁰ of scores up to 40, which are 2⁻²⁰ off themselves.
                    if (!(Math.abs(output[row][head * d + i] - exact[i]) <= 2e-5)) {
                        throw new AssertionError(name + ": row " + row + ", head " + head + ", column " + i + ": "
                                + output[row][head * d + i] + " is not " + exact[i]);
                    }
                }
            }
        }
    }

    private static double[] attended(
            AttentionConfig heads,
            double[] q,
            int query,
            int firstRow,
            int column,
            double[][] keys,
            double[][] values) {
        double sum = 0;
        double[] result = new double[q.length];
        for (int key = 0; key <= query; key++) {
            if (sees(heads, query, key)) {
                double score = 0;
                for (int i = 0; i < q.length; i++) {
                    score += q[i] * keys[firstRow + key][column + i];
                }
                double weight = Math.exp(score);
                sum += weight;
                for (int i = 0; i < q.length; i++) {
                    result[i] += weight * values[firstRow + key][column + i];
                }
            }
        }
        for (int i = 0; i < q.length; i++) {
            result[i] /= sum;
        }
        return result;
    }

    /** Writes down what it is told. */
    private static final class Told implements ExecutionContext, Products {
        private final Products products;
        private final ConcurrentLinkedQueue<Map.Entry<MatmulKind, String>> told = new ConcurrentLinkedQueue<>();
        private final AtomicInteger softmaxes = new AtomicInteger();

        Told(Products products) {
            this.products = products;
        }

        Map<String, Integer> shapes(MatmulKind kind) {
            Map<String, Integer> shapes = new TreeMap<>();
            told.stream()
                    .filter(entry -> entry.getKey() == kind)
                    .forEach(entry -> shapes.merge(entry.getValue(), 1, Integer::sum));
            return shapes;
        }

        @Override
        public Products products() {
            return this;
        }

        @Override
        public void operator(Operator operator, int layer, Runnable work) {
            assertThat(operator).isEqualTo(Operator.SOFTMAX);
            assertThat(layer).isEqualTo(LAYER);
            work.run();
            softmaxes.incrementAndGet();
        }

        @Override
        public void scope(Scope scope, int layer, Runnable work) {
            throw new AssertionError("attention has no scopes of its own");
        }

        @Override
        public void parallel(int threads, Runnable work) {
            assertThat(threads).isEqualTo(2);
            work.run();
        }

        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            products.multiply(site, left, right, rightIs, result);
            assertThat(site.layer()).isEqualTo(LAYER);
            told.add(Map.entry(
                    site.kind(), new MatmulShape(result.rows(), left.columns(), result.columns()).toString()));
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            throw new AssertionError("attention has no weights");
        }
    }
}
