package dev.flopscope.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.ListedProducts;
import dev.flopscope.witness.BoundedMatrix;
import dev.flopscope.witness.ReferenceOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Attention against float64, over grids of everything that decides it, with the products that were asked for. */
final class AttentionOperatorTest extends BackendSuite {
    private static final int LAYER = 3;

    /**
     * The reference bounds the rounding of a softmax over whole rows. A running one rounds again when it scales the output down,
     * when it adds a tile's share, and when it divides; and exponentials may be off by 2⁻²⁰.
     */
    private static final double RUNNING_SOFTMAX = 2;

    private static final List<Attention> ALGORITHMS = List.of(
            Attention.full(),
            new Attention(Algorithm.TILED, 2, 3),
            new Attention(Algorithm.TILED, 64, 64),
            new Attention(Algorithm.TILED, 1, 1),
            new Attention(Algorithm.CAUSAL, 3, 2),
            new Attention(Algorithm.CAUSAL, 1, 5),
            new Attention(Algorithm.CAUSAL, 64, 4));

    AttentionOperatorTest(Backends.Kind kind) {
        super(kind);
    }

    private static AttentionConfig heads(int heads, int kvHeads, int headDim, int window) {
        return new AttentionConfig(
                heads,
                kvHeads,
                headDim,
                new RotaryConfig(10_000),
                window == 0 ? OptionalInt.empty() : OptionalInt.of(window));
    }

    private static List<AttentionConfig> allHeads() {
        List<AttentionConfig> all = new ArrayList<>();
        for (int window : new int[] {0, 1, 3, 100}) {
            all.add(heads(2, 2, 4, window));
            all.add(heads(4, 2, 6, window));
            all.add(heads(3, 1, 2, window));
            all.add(heads(2, 1, 4, window).capped(0.8));
            all.add(withSinks(heads(4, 2, 6, window)));
            all.add(withSinks(heads(3, 1, 2, window)));
        }
        return all;
    }

    private static AttentionConfig withSinks(AttentionConfig heads) {
        return new AttentionConfig(
                heads.numHeads(),
                heads.numKvHeads(),
                heads.headDim(),
                heads.valueDim(),
                heads.scale(),
                heads.rotary(),
                heads.window(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                true);
    }

    /** A sink a head: the first beats every score, and the others are as large as scores are. */
    private static double[][] sinks(AttentionConfig heads) {
        double[][] sinks = Matrices.random(7, 1, heads.numHeads(), 3);
        sinks[0][0] = 60;
        return sinks;
    }

    private Optional<Tensor> sinkTensor(AttentionConfig heads) {
        return heads.sinks() ? Optional.of(tensor(sinks(heads))) : Optional.empty();
    }

    /** Keys and values of the chunk alone. */
    @Test
    void aChunkWithNothingBeforeItAttendsToItself() {
        for (AttentionConfig heads : allHeads()) {
            for (Attention algorithm : ALGORITHMS) {
                for (int queries : new int[] {1, 2, 5, 9}) {
                    for (int batch = 1; batch <= 2; batch++) {
                        assertAttends(algorithm, heads, new Chunk(batch, queries, 0), false);
                    }
                }
                memory.close();
            }
        }
    }

    /** Keys and values of all chunks, in a cache that has room for more. */
    @Test
    void aChunkAfterOthersAttendsToThemToo() {
        for (AttentionConfig heads : allHeads()) {
            for (Attention algorithm : ALGORITHMS) {
                for (int queries : new int[] {1, 2, 5}) {
                    for (int past : new int[] {0, 1, 4}) {
                        assertAttends(algorithm, heads, new Chunk(1 + past % 2, queries, past), true);
                    }
                }
                memory.close();
            }
        }
    }

    /** Long enough for several default tiles and for work that threads share out. */
    @Test
    void aLongPromptAttendsToItself() {
        for (Attention algorithm :
                List.of(Attention.full(), Attention.of(Algorithm.TILED), new Attention(Algorithm.CAUSAL, 32, 16))) {
            assertAttends(algorithm, heads(4, 2, 8, 0), new Chunk(2, 300, 0), false);
            assertAttends(algorithm, heads(2, 2, 8, 70), new Chunk(1, 120, 80), true);
            memory.close();
        }
    }

    /** Rows of scores of lengths for which a GPU has different ways: a warp, a block that holds them, and a block that does not. */
    @Test
    void fewQueriesAttendToALongPast() {
        for (int past : new int[] {1023, 1100, 17_000}) {
            for (Attention algorithm : List.of(Attention.full(), Attention.of(Algorithm.TILED))) {
                assertAttends(algorithm, heads(2, 1, 4, 0), new Chunk(1, 1, past), true);
                assertAttends(algorithm, heads(2, 1, 4, 0), new Chunk(1, 2, past), true);
                assertAttends(algorithm, heads(2, 1, 4, 900), new Chunk(1, 2, past), true);
                assertAttends(algorithm, withSinks(heads(2, 1, 4, 0).capped(0.8)), new Chunk(1, 2, past), true);
                memory.close();
            }
        }
    }

    private void assertAttends(Attention algorithm, AttentionConfig heads, Chunk chunk, boolean cached) {
        int rows = (int) chunk.rows();
        int all = chunk.batch() * chunk.end();
        double[][] q = Matrices.random(1, rows, heads.queryWidth(), 1.5);
        double[][] k = Matrices.random(2, all, heads.keyWidth(), 1.5);
        double[][] v = Matrices.random(3, all, heads.keyWidth(), 1);
        Tensor queries = tensor(q);
        Tensor output = poison(rows, heads.queryWidth());
        KeyValues keyValues =
                cached ? filledCache(heads, chunk, k, v) : backend.uncached(tensor(k), tensor(v), chunk, heads);
        RecordingContext context = new RecordingContext(backend.products());

        backend.attention(
                        algorithm,
                        List.of(heads),
                        new Chunk(chunk.batch(), chunk.queries(), 0),
                        chunk.end(),
                        memory,
                        memory)
                .attend(LAYER, heads, sinkTensor(heads), chunk, queries, keyValues, output, context);

        String where = heads + ", " + algorithm + ", " + chunk;
        assertWithin(expected(heads, chunk, q, k, v), output, RUNNING_SOFTMAX, where);
        assertThat(values(queries)).as(where).isDeepEqualTo(q);
        assertProducts(algorithm, heads, chunk, context, where);
    }

    /** Appends all but the last rows in small chunks, then what the chunk brings, which is how passes do it. */
    private KeyValues filledCache(AttentionConfig heads, Chunk chunk, double[][] k, double[][] v) {
        KeyValues cache = backend.cache(chunk.batch(), heads, chunk.end() + 2, memory);
        int step = Math.max(2, chunk.past() / 16);
        for (int past = 0; past < chunk.past(); past += step) {
            append(cache, new Chunk(chunk.batch(), Math.min(step, chunk.past() - past), past), k, v, chunk.end());
        }
        append(cache, chunk, k, v, chunk.end());
        return cache;
    }

    private void append(KeyValues cache, Chunk part, double[][] k, double[][] v, int end) {
        backend.operators().append(cache, tensor(rowsOf(k, part, end)), tensor(rowsOf(v, part, end)), part);
    }

    private static double[][] rowsOf(double[][] all, Chunk part, int end) {
        double[][] rows = new double[(int) part.rows()][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = all[row / part.queries() * end + part.past() + row % part.queries()];
        }
        return rows;
    }

    private static BoundedMatrix expected(
            AttentionConfig heads, Chunk chunk, double[][] q, double[][] k, double[][] v) {
        int d = heads.headDim();
        BoundedMatrix result = BoundedMatrix.exact(new double[(int) chunk.rows()][heads.queryWidth()]);
        for (int sequence = 0; sequence < chunk.batch(); sequence++) {
            for (int head = 0; head < heads.numHeads(); head++) {
                int shared = head * heads.numKvHeads() / heads.numHeads();
                BoundedMatrix own =
                        BoundedMatrix.exact(q).block(sequence * chunk.queries(), chunk.queries(), head * d, d);
                BoundedMatrix keys = BoundedMatrix.exact(k).block(sequence * chunk.end(), chunk.end(), shared * d, d);
                BoundedMatrix values = BoundedMatrix.exact(v).block(sequence * chunk.end(), chunk.end(), shared * d, d);
                BoundedMatrix scores = ReferenceOperators.product(own, keys.transposed());
                BoundedMatrix shares = ReferenceOperators.maskedSoftmax(
                        heads.softCap().isPresent()
                                ? ReferenceOperators.softCapped(
                                        scores, heads.softCap().getAsDouble())
                                : scores,
                        chunk.past(),
                        heads.window().orElse(Integer.MAX_VALUE),
                        heads.sinks() ? sinks(heads)[0][head] : Double.NEGATIVE_INFINITY);
                result.paste(sequence * chunk.queries(), head * d, ReferenceOperators.product(shares, values));
            }
        }
        return result;
    }

    /** Products and shapes are those that a list of them has. */
    private static void assertProducts(
            Attention algorithm, AttentionConfig heads, Chunk chunk, RecordingContext context, String where) {
        ModelConfig model = withHeads(heads);
        Phase phase = new Phase(
                Phase.Name.PREFILL, chunk.batch(), chunk.past(), chunk.queries(), chunk.queries(), LogitsRows.ALL);
        Map<String, Map<String, Long>> listed = new ListedProducts(model, phase, algorithm).calls;
        assertThat(context.products(new MatmulSite(MatmulKind.ATTN_SCORES, LAYER)))
                .as(where)
                .isEqualTo(listed.get("layers.0.attn_scores"));
        assertThat(context.products(new MatmulSite(MatmulKind.ATTN_VALUES, LAYER)))
                .as(where)
                .isEqualTo(listed.get("layers.0.attn_values"));
        assertThat(context.sites()).as(where).hasSize(2);
        assertThat(context.operators()).as(where).isNotEmpty().allMatch(name -> name.equals("softmax " + LAYER));
    }

    private static ModelConfig withHeads(AttentionConfig heads) {
        return TestModels.builder("attention")
                .heads(heads.numHeads())
                .kvHeads(heads.numKvHeads())
                .headDim(heads.headDim())
                .block(block ->
                        heads.window().isPresent() ? block.window(heads.window().getAsInt()) : block)
                .build();
    }

    /** One operator serves every layer and chunk of a run: heads that differ, chunks up to the largest, and any order of them. */
    @Test
    void oneOperatorServesDifferentHeadsAndChunks() {
        for (Attention algorithm : ALGORITHMS) {
            List<AttentionConfig> kinds = List.of(heads(4, 2, 6, 3), withSinks(heads(2, 1, 8, 0)), heads(3, 3, 2, 1));
            AttentionOperator operator = backend.attention(algorithm, kinds, new Chunk(2, 6, 0), 12, memory, memory);
            for (AttentionConfig heads : kinds) {
                for (Chunk chunk : List.of(
                        new Chunk(2, 6, 0),
                        new Chunk(2, 2, 6),
                        new Chunk(2, 1, 8),
                        new Chunk(2, 3, 9),
                        new Chunk(2, 6, 6))) {
                    double[][] q = Matrices.random(4, (int) chunk.rows(), heads.queryWidth(), 1.5);
                    double[][] k = Matrices.random(5, 2 * chunk.end(), heads.keyWidth(), 1.5);
                    double[][] v = Matrices.random(6, 2 * chunk.end(), heads.keyWidth(), 1);
                    Tensor output = poison((int) chunk.rows(), heads.queryWidth());
                    operator.attend(
                            LAYER,
                            heads,
                            sinkTensor(heads),
                            chunk,
                            tensor(q),
                            filledCache(heads, chunk, k, v),
                            output,
                            ExecutionContext.unobserved(backend.products()));
                    assertWithin(
                            expected(heads, chunk, q, k, v), output, RUNNING_SOFTMAX, heads + ", " + algorithm + chunk);
                }
            }
            memory.close();
        }
    }

    /** Rows of a cache that a chunk writes again are the new ones; rows behind it are never read. */
    @Test
    void whatACacheHeldBeforeDoesNotShow() {
        AttentionConfig heads = heads(4, 2, 6, 0);
        Chunk chunk = new Chunk(2, 3, 2);
        double[][] q = Matrices.random(4, 6, heads.queryWidth(), 1.5);
        double[][] k = Matrices.random(5, 10, heads.keyWidth(), 1.5);
        double[][] v = Matrices.random(6, 10, heads.keyWidth(), 1);
        for (Attention algorithm : ALGORITHMS) {
            KeyValues cache = backend.cache(2, heads, 8, memory);
            Tensor nothing = poison(16, heads.keyWidth());
            backend.operators().append(cache, nothing, nothing, new Chunk(2, 8, 0));
            append(cache, new Chunk(2, 2, 0), k, v, 5);
            append(cache, chunk, k, v, 5);
            Tensor output = poison(6, heads.queryWidth());

            backend.attention(algorithm, List.of(heads), new Chunk(2, 3, 0), 8, memory, memory)
                    .attend(
                            LAYER,
                            heads,
                            sinkTensor(heads),
                            chunk,
                            tensor(q),
                            cache,
                            output,
                            ExecutionContext.unobserved(backend.products()));

            assertWithin(expected(heads, chunk, q, k, v), output, RUNNING_SOFTMAX, algorithm.toString());
        }
    }

    /** Whole scores come from the activations, which accounts know to the byte; tiles from a scratch of some MiB. */
    @Test
    void wholeScoresTakeTheRoomThatAccountsSay() {
        try (Allocator activations = backend.allocator();
                Allocator scratch = backend.allocator()) {
            backend.attention(
                    Attention.of(Algorithm.TILED),
                    List.of(heads(4, 2, 6, 0)),
                    new Chunk(2, 700, 0),
                    3000,
                    activations,
                    scratch);
            assertThat(activations.allocatedBytes()).isZero();
            backend.attention(
                    Attention.full(), List.of(heads(4, 2, 6, 0)), new Chunk(2, 7, 0), 30, activations, scratch);
            assertThat(activations.allocatedBytes()).isEqualTo(7 * 30 * 4);
            assertThat(scratch.allocatedBytes()).isLessThan(16L << 20);
        }
    }
}
