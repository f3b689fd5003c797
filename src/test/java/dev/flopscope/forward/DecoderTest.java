package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.kernel.Elementwise;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.OneDnnMatmul;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.OneDnnElementwise;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens decoded one by one after a prompt, against the float64 reference over prompt and tokens at once. */
class DecoderTest {
    /** The reference's bound allows one rounding of an exponential; those here may have up to two. */
    private static final double OTHER_EXPONENTIALS = 2;

    private static final Attention TILED = new Attention(Algorithm.TILED, 4, 3);

    static Stream<Arguments> sessions() {
        List<Arguments> sessions = new ArrayList<>();
        for (ModelConfig model : SmallModels.ALL) {
            for (Engine engine : Engine.values()) {
                for (int batch = 1; batch <= 2; batch++) {
                    sessions.add(Arguments.of(model, engine, batch, 1, 9, 1));
                    sessions.add(Arguments.of(model, engine, batch, 7, 3, 2));
                    sessions.add(Arguments.of(model, engine, batch, 30, 40, 3));
                }
            }
        }
        return sessions.stream();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void everyDecodedTokenHasTheLogitsOfAPassOverAllAndTheCountsOfItsClosedForm(
            ModelConfig model, Engine engine, int batch, int context, int tokens, int threads) {
        int all = context + tokens;
        int[] ids = Pass.ids(model, batch, all);
        try (PreparedModel plain = Pass.prepare(model, 1);
                Nd4jRuntime runtime = Nd4jRuntime.start(threads);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            BoundedMatrix expected = new ReferenceTransformer(model, plain.weights(), batch, all).forward(ids);
            FlopTally prefilled = new FlopTally();
            FlopTally decoded = new FlopTally();
            OneDnn library = new OneDnn();
            boolean packed = engine == Engine.ONEDNN;
            Matmul matmul = packed ? new OneDnnMatmul(library, runtime.workers()) : new Nd4jMatmul();
            Elementwise elementwise = packed ? new OneDnnElementwise(library) : Elementwise.inJava();
            ModelWeights weights =
                    packed ? PackedPassTest.packed(plain.weights(), library, memory, runtime) : plain.weights();
            KvCache cache = new KvCache(model, batch, all, memory);
            Transformer transformer = new Transformer(
                    model,
                    weights,
                    batch,
                    context,
                    TILED,
                    machinery(new CountingMatmul(matmul, prefilled), elementwise, memory),
                    Optional.of(cache));
            Decoder decoder = new Decoder(
                    model, weights, batch, cache, machinery(new CountingMatmul(matmul, decoded), elementwise, memory));

            transformer.forward(columns(ids, batch, 0, context), done -> {});
            for (int position = context; position < all; position++) {
                Matrix logits = decoder.decode(columns(ids, batch, position, 1), done -> {});
                assertWithin(expected, Matrices.values(logits), all, position);
            }

            Account prefill = Account.of(model, batch, context, TILED);
            DecodeAccount account = DecodeAccount.of(prefill, tokens);
            Reconciliation reconciliation = Reconciliation.of(account.kinds(), decoded.snapshot(), List.of());
            assertThat(reconciliation.disagreements()).isEmpty();
            assertThat(reconciliation.countedLeastBytes()).isEqualTo(account.leastBytes());
            assertThat(Reconciliation.of(prefill, prefilled.snapshot(), List.of())
                            .disagreements())
                    .isEmpty();
        }
    }

    private static Machinery machinery(Matmul matmul, Elementwise elementwise, MatrixAllocator memory) {
        return new Machinery(matmul, elementwise, Timeline.none(), memory, memory);
    }

    /** Ids at positions from {@code first} on, of every sequence. */
    private static int[] columns(int[] ids, int batch, int first, int count) {
        int all = ids.length / batch;
        int[] columns = new int[batch * count];
        for (int sequence = 0; sequence < batch; sequence++) {
            System.arraycopy(ids, sequence * all + first, columns, sequence * count, count);
        }
        return columns;
    }

    private static void assertWithin(BoundedMatrix expected, double[][] logits, int all, int position) {
        for (int sequence = 0; sequence < logits.length; sequence++) {
            int row = sequence * all + position;
            for (int column = 0; column < expected.columns(); column++) {
                assertThat(Math.abs(logits[sequence][column] - expected.values[row][column]))
                        .as("sequence %d, position %d, column %d", sequence, position, column)
                        .isLessThanOrEqualTo(OTHER_EXPONENTIALS * expected.errors[row][column]);
            }
        }
    }

    /** A cache that is one position behind: the same calls and FLOPs everywhere but in attention, which must be named. */
    @Test
    void tokensThatSeeOnePositionLessAreNamedWhereTheyDo() {
        ModelConfig model = SmallModels.GROUPED;
        FlopTally decoded = new FlopTally();
        try (PreparedModel prepared = Pass.prepare(model, 1)) {
            KvCache cache = prepared.cache(1, 9);
            prepared.transformer(1, 5, TILED, prepared.matmul(), Timeline.none(), Optional.of(cache))
                    .forward(Pass.ids(model, 1, 5), done -> {});
            Decoder decoder =
                    prepared.decoder(1, cache, new CountingMatmul(prepared.matmul(), decoded), Timeline.none());
            decoder.decode(new int[] {1}, done -> {});
            decoder.decode(new int[] {2}, done -> {});
        }
        DecodeAccount oneLater = DecodeAccount.of(Account.of(model, 1, 6, TILED), 2);
        assertThat(Reconciliation.of(oneLater.kinds(), decoded.snapshot(), List.of())
                        .disagreements())
                .hasSize(2 * model.numLayers())
                .allSatisfy(line -> assertThat(line).contains("attn_").contains("factor "));
    }

    /** A second prompt begins the cache anew: what the first and its tokens left there must not show. */
    @Test
    void aSecondPromptGivesTheSameBits() {
        ModelConfig model = SmallModels.GROUPED;
        int[] ids = Pass.ids(model, 2, 6);
        int[] others = ids.clone();
        others[0] = (ids[0] + 1) % model.vocabSize();
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            KvCache cache = prepared.cache(2, 8);
            Transformer transformer =
                    prepared.transformer(2, 6, TILED, prepared.matmul(), Timeline.none(), Optional.of(cache));
            Decoder decoder = prepared.decoder(2, cache, prepared.matmul(), Timeline.none());
            int[][] first = decoded(transformer, decoder, ids);
            assertThat(decoded(transformer, decoder, others)[0]).isNotEqualTo(first[0]);
            assertThat(decoded(transformer, decoder, ids)).isDeepEqualTo(first);
            assertThat(cache.length()).isEqualTo(8);
            assertThat(prepared.cacheBytes()).isEqualTo(4L * 2 * 2 * 2 * 8 * 2 * 6);
        }
    }

    /** What was decoded before must not show in what is decoded again after the same prompt. */
    @Test
    void tokensDecodedAgainAfterTheSamePromptGiveTheSameBits() {
        ModelConfig model = SmallModels.GROUPED;
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            KvCache cache = prepared.cache(1, 8);
            Decoder decoder = prepared.decoder(1, cache, prepared.matmul(), Timeline.none());
            prepared.transformer(1, 6, TILED, prepared.matmul(), Timeline.none(), Optional.of(cache))
                    .forward(Pass.ids(model, 1, 6), done -> {});
            int[][] first = decoded(decoder, 1, 3);
            cache.rewind(6);
            assertThat(decoded(decoder, 2, 3)).isNotEqualTo(first);
            cache.rewind(6);
            assertThat(decoded(decoder, 1, 3)).isDeepEqualTo(first);
            assertThatThrownBy(() -> cache.rewind(9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a cache of 8 positions cannot go back to 9");
        }
    }

    private static int[][] decoded(Decoder decoder, int one, int another) {
        decoder.decode(new int[] {one}, done -> {});
        return Matrices.bits(decoder.decode(new int[] {another}, done -> {}));
    }

    private static int[][] decoded(Transformer transformer, Decoder decoder, int[] ids) {
        transformer.forward(ids, done -> {});
        decoder.decode(new int[] {1, 2}, done -> {});
        return Matrices.bits(decoder.decode(new int[] {3, 4}, done -> {}));
    }

    @Test
    void tokensNeedAPromptBeforeThemAndRoomInTheCache() {
        ModelConfig model = SmallModels.PLAIN;
        try (PreparedModel prepared = Pass.prepare(model, 1)) {
            KvCache cache = prepared.cache(1, 3);
            Decoder decoder = prepared.decoder(1, cache, prepared.matmul(), Timeline.none());
            assertThatThrownBy(() -> decoder.decode(new int[] {1}, done -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after 0 positions");
            prepared.transformer(1, 2, TILED, prepared.matmul(), Timeline.none(), Optional.of(cache))
                    .forward(new int[] {1, 2}, done -> {});
            assertThatThrownBy(() -> decoder.decode(new int[2], done -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("batch 1");
            decoder.decode(new int[] {1}, done -> {});
            assertThatThrownBy(() -> decoder.decode(new int[] {1}, done -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a cache of 3");
            assertThatThrownBy(() ->
                            prepared.transformer(1, 4, TILED, prepared.matmul(), Timeline.none(), Optional.of(cache)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot hold 4 tokens");
        }
    }
}
