package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.OneDnnMatmul;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.OneDnnElementwise;
import dev.flopscope.onednn.PackingLayout;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole passes by oneDNN, on weights in its own layout, against the float64 reference and the closed forms. */
class PackedPassTest {
    /** The reference bounds softmax over whole rows; tiles round twice as often, and exponentials are off by up to 2⁻²⁰. */
    private static final double OTHER_EXPONENTIALS = 2;

    static Stream<Arguments> passes() {
        List<Arguments> passes = new ArrayList<>();
        for (ModelConfig model : SmallModels.ALL) {
            for (Attention attention : List.of(
                    Attention.full(), new Attention(Algorithm.TILED, 4, 3), new Attention(Algorithm.CAUSAL, 5, 8))) {
                for (int tokens : new int[] {1, 9, 67}) {
                    passes.add(Arguments.of(model, attention, 1 + tokens % 2, tokens, 1 + tokens % 3));
                }
            }
        }
        return passes.stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void logitsAreThoseOfTheReferenceAndCountsThoseOfTheClosedForm(
            ModelConfig model, Attention attention, int batch, int tokens, int threads) {
        FlopTally tally = new FlopTally();
        int[] ids = Pass.ids(model, batch, tokens);
        try (PreparedModel plain = Pass.prepare(model, 1);
                Nd4jRuntime runtime = Nd4jRuntime.start(threads);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            OneDnn library = new OneDnn();
            Machinery machinery = new Machinery(
                    new CountingMatmul(new OneDnnMatmul(library, runtime.workers()), tally),
                    new OneDnnElementwise(library),
                    Timeline.none(),
                    memory,
                    memory);
            ModelWeights packed = packed(plain.weights(), library, memory, runtime);
            double[][] logits = Matrices.values(
                    new Transformer(model, packed, batch, tokens, attention, machinery).forward(ids, done -> {}));
            assertWithin(new ReferenceTransformer(model, plain.weights(), batch, tokens).forward(ids), logits);
        }
        Account account = Account.of(model, batch, tokens, attention);
        assertThat(Reconciliation.of(account, tally.snapshot(), List.of()).disagreements())
                .isEmpty();
    }

    private static void assertWithin(BoundedMatrix expected, double[][] logits) {
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                assertThat(Math.abs(logits[row][column] - expected.values[row][column]))
                        .as("row %d, column %d", row, column)
                        .isLessThanOrEqualTo(OTHER_EXPONENTIALS * expected.errors[row][column]);
            }
        }
    }

    /** Packing moves weights; it must not change what the seed decides. */
    @Test
    void bothEnginesMakeTheSameModelFromASeed() {
        ModelConfig model = SmallModels.GROUPED;
        int[] ids = Pass.ids(model, 1, 20);
        double[][] one = logits(model, ids, Engine.OPENBLAS);
        double[][] other = logits(model, ids, Engine.ONEDNN);
        double largest = 0;
        for (int row = 0; row < one.length; row++) {
            for (int column = 0; column < one[row].length; column++) {
                largest = Math.max(largest, Math.abs(one[row][column]));
                assertThat(Math.abs(one[row][column] - other[row][column])).isLessThan(1e-5);
            }
        }
        assertThat(largest).as("logits that would show a difference").isGreaterThan(1e-2);
    }

    private static double[][] logits(ModelConfig model, int[] ids, Engine engine) {
        try (PreparedModel prepared = PreparedModel.prepare(model, WeightsMode.FULL, 7, 2, engine, done -> {})) {
            return Matrices.values(prepared.transformer(1, ids.length, Attention.of(Algorithm.TILED), prepared.matmul())
                    .forward(ids, done -> {}));
        }
    }

    static ModelWeights packed(ModelWeights plain, OneDnn library, MatrixAllocator memory, Nd4jRuntime runtime) {
        try (WeightLayout layout = new PackingLayout(library, memory, new MatrixAllocator(runtime))) {
            return new ModelWeights(
                    plain.embedding(),
                    plain.blocks().stream().map(block -> packed(block, layout)).toList(),
                    plain.finalNorm(),
                    plain.lmHead() == plain.embedding() ? plain.lmHead() : packed(plain.lmHead(), layout));
        }
    }

    private static BlockWeights packed(BlockWeights plain, WeightLayout layout) {
        return new BlockWeights(
                plain.attentionNorm(),
                packed(plain.query(), layout),
                packed(plain.key(), layout),
                packed(plain.value(), layout),
                packed(plain.output(), layout),
                plain.feedForwardNorm(),
                plain.gate().map(gate -> packed(gate, layout)),
                packed(plain.up(), layout),
                packed(plain.down(), layout));
    }

    private static Weight packed(Weight plain, WeightLayout layout) {
        return layout.lay(plain.rows(), plain.columns(), matrix -> copy(Matrices.rowByRow(plain), matrix));
    }

    private static void copy(Matrix from, Matrix to) {
        float[] row = new float[from.columns()];
        for (long r = 0; r < from.rows(); r++) {
            from.readRow(r, row, row.length);
            to.writeRow(r, row, row.length);
        }
    }
}
