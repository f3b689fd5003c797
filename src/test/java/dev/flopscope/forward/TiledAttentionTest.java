package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.run.PreparedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiled and causal attention against the float64 reference and against their closed forms, ragged tiles included. */
class TiledAttentionTest {
    /**
     * The reference bounds the rounding of a softmax over whole rows. A running one rounds again when it scales the output
     * down, when it adds a tile's share, and when it divides: no more often than the whole one.
     */
    private static final double RUNNING_SOFTMAX = 2;

    static Stream<Arguments> passes() {
        List<Attention> attentions = List.of(
                new Attention(Algorithm.TILED, 4, 3),
                new Attention(Algorithm.TILED, 1, 1),
                new Attention(Algorithm.TILED, 64, 5),
                new Attention(Algorithm.CAUSAL, 3, 4),
                new Attention(Algorithm.CAUSAL, 5, 2),
                new Attention(Algorithm.CAUSAL, 64, 64));
        List<Arguments> passes = new ArrayList<>();
        for (ModelConfig model : SmallModels.ALL) {
            for (Attention attention : attentions) {
                for (int tokens : new int[] {1, 2, 7, 33}) {
                    passes.add(Arguments.of(model, attention, 1 + tokens % 3, tokens, 1 + tokens % 4));
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
        try (PreparedModel prepared = Pass.prepare(model, threads)) {
            BoundedMatrix expected = new ReferenceTransformer(model, prepared.weights(), batch, tokens).forward(ids);
            double[][] logits = Matrices.values(
                    prepared.transformer(batch, tokens, attention, new CountingMatmul(new Nd4jMatmul(), tally))
                            .forward(ids, done -> {}));
            for (int row = 0; row < expected.rows(); row++) {
                for (int column = 0; column < expected.columns(); column++) {
                    assertThat(Math.abs(logits[row][column] - expected.values[row][column]))
                            .as("row %d, column %d", row, column)
                            .isLessThanOrEqualTo(RUNNING_SOFTMAX * expected.errors[row][column]);
                }
            }
        }
        Account account = Account.of(model, batch, tokens, attention);
        assertThat(Reconciliation.of(account, tally.snapshot(), List.of()).disagreements())
                .isEmpty();
    }

    /** A tile left out at one end and one doubled at the other would cancel in the total, so shapes are checked too. */
    @Test
    void aTileOfAnotherShapeIsNamed() {
        ModelConfig model = SmallModels.GROUPED;
        FlopTally tally = new FlopTally();
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            prepared.transformer(
                            1, 8, new Attention(Algorithm.TILED, 4, 2), new CountingMatmul(new Nd4jMatmul(), tally))
                    .forward(Pass.ids(model, 1, 8), done -> {});
        }
        Account otherTiles = Account.of(model, 1, 8, new Attention(Algorithm.TILED, 2, 4));
        Reconciliation reconciliation = Reconciliation.of(otherTiles, tally.snapshot(), List.of());
        assertThat(reconciliation.countedFlops()).isEqualTo(reconciliation.expectedFlops());
        assertThat(reconciliation.disagreements())
                .hasSize(2 * model.numLayers())
                .allMatch(line -> line.contains("attn_") && line.contains("factor 1"));
    }

    @Test
    void causalAttentionSeesNoLaterToken() {
        ModelConfig model = SmallModels.GROUPED;
        Attention causal = new Attention(Algorithm.CAUSAL, 3, 2);
        int[] ids = Pass.ids(model, 1, 9);
        int[] others = ids.clone();
        others[5] = (ids[5] + 1) % model.vocabSize();
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            Transformer transformer = prepared.transformer(1, 9, causal, new Nd4jMatmul());
            double[][] before = Matrices.values(transformer.forward(ids, done -> {}));
            double[][] after = Matrices.values(transformer.forward(others, done -> {}));
            for (int row = 0; row < 9; row++) {
                assertThat(Arrays.equals(after[row], before[row]))
                        .as("row %d", row)
                        .isEqualTo(row < 5);
            }
        }
    }
}
