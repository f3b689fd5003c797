package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.Weight;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Grouped-query attention (Ainslie et al. 2023) is multi-head attention in which groups of heads have the same keys and values. */
class GroupedHeadsTest {
    static final List<ModelConfig> GROUPED = List.of(SmallModels.GROUPED, SmallModels.MULTI_QUERY, SmallModels.ODD);

    private static final int BATCH = 2;
    private static final int TOKENS = 9;

    @ParameterizedTest
    @FieldSource("GROUPED")
    void groupedHeadsEqualRepeatedHeads(ModelConfig grouped) {
        int[] ids = Pass.ids(grouped, BATCH, TOKENS);
        ModelConfig repeated = withKeyValueHeads(grouped, grouped.numHeads());
        try (PreparedModel few = Pass.prepare(grouped, 2);
                PreparedModel many = Pass.prepare(repeated, 2)) {
            copy(few.weights(), many.weights(), grouped);

            double[][] fewLogits = Matrices.values(Pass.logits(few, BATCH, TOKENS, ids, new Nd4jMatmul()));
            double[][] manyLogits = Matrices.values(Pass.logits(many, BATCH, TOKENS, ids, new Nd4jMatmul()));

            // Each is within the bound of the same exact logits; BLAS may sum them in another order.
            BoundedMatrix exact = new ReferenceTransformer(grouped, few.weights(), BATCH, TOKENS).forward(ids);
            for (int row = 0; row < exact.rows(); row++) {
                for (int column = 0; column < exact.columns(); column++) {
                    assertThat(manyLogits[row][column])
                            .isCloseTo(fewLogits[row][column], within(2 * exact.errors[row][column]));
                }
            }
        }
    }

    private static ModelConfig withKeyValueHeads(ModelConfig model, int numKvHeads) {
        return new ModelConfig(
                model.name(),
                model.vocabSize(),
                model.contextLength(),
                model.numLayers(),
                model.dModel(),
                model.numHeads(),
                numKvHeads,
                model.headDim(),
                model.dFf(),
                model.tieEmbeddings(),
                model.feedForward(),
                model.ropeTheta(),
                model.normEps());
    }

    private static void copy(ModelWeights few, ModelWeights many, ModelConfig grouped) {
        copy(few.embedding(), many.embedding());
        copy(few.finalNorm(), many.finalNorm());
        copy(few.lmHead(), many.lmHead());
        for (int layer = 0; layer < grouped.numLayers(); layer++) {
            BlockWeights from = few.blocks().get(layer);
            BlockWeights to = many.blocks().get(layer);
            copy(from.attentionNorm(), to.attentionNorm());
            copy(from.query(), to.query());
            repeatHeads(from.key(), to.key(), grouped);
            repeatHeads(from.value(), to.value(), grouped);
            copy(from.output(), to.output());
            copy(from.feedForwardNorm(), to.feedForwardNorm());
            from.gate().ifPresent(gate -> copy(gate, to.gate().orElseThrow()));
            copy(from.up(), to.up());
            copy(from.down(), to.down());
        }
    }

    private static void copy(Weight from, Weight to) {
        Matrices.write(Matrices.rowByRow(to), 0, 0, Matrices.values(from));
    }

    /** Head h of H gets the rows of head ⌊h·K/H⌋ of K. */
    private static void repeatHeads(Weight few, Weight many, ModelConfig grouped) {
        int d = grouped.headDim();
        double[][] rows = Matrices.values(few);
        double[][] repeated = new double[grouped.numHeads() * d][];
        for (int row = 0; row < repeated.length; row++) {
            int head = row / d;
            repeated[row] = rows[head * grouped.numKvHeads() / grouped.numHeads() * d + row % d];
        }
        Matrices.write(Matrices.rowByRow(many), 0, 0, repeated);
    }
}
