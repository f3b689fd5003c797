package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.backend.Backends;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.weights.AttentionWeights;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.Linear;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.witness.BoundedMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Grouped-query attention (Ainslie et al. 2023) is multi-head attention in which groups of heads have the same keys and values. */
class GroupedHeadsTest {
    static final List<ModelConfig> GROUPED = List.of(
            SmallModels.GROUPED,
            SmallModels.MULTI_QUERY,
            SmallModels.ODD,
            SmallModels.WINDOWED,
            SmallModels.ALTERNATING);

    private static final int BATCH = 2;
    private static final int TOKENS = 9;

    /** The matrices of this engine lie row by row, so that those with repeated heads can be made of them. */
    @ParameterizedTest
    @FieldSource("GROUPED")
    void groupedHeadsEqualRepeatedHeads(ModelConfig grouped) {
        int[] ids = SmallPass.ids(grouped, BATCH, TOKENS);
        Phase prompt = Phase.prefill(BATCH, TOKENS);
        try (SmallPass few = SmallPass.start(grouped, Backends.cpu(Engine.OPENBLAS, 2))) {
            ModelConfig repeated = repeated(grouped);
            Transformer many = new Transformer(
                    repeated,
                    repeated(few),
                    Attention.full(),
                    List.of(prompt),
                    Optional.empty(),
                    few.backend,
                    few.memory,
                    few.memory);
            ExecutionContext context = few.unobserved();

            double[][] fewLogits = few.logits(Attention.full(), BATCH, TOKENS, ids, context);
            double[][] manyLogits = few.logits(many, prompt, ids, context);

            // Each is within the bound of the same exact logits; BLAS may sum them in another order.
            BoundedMatrix exact = SmallPass.witness(grouped, BATCH, TOKENS).forward(ids);
            for (int row = 0; row < exact.rows(); row++) {
                for (int column = 0; column < exact.columns(); column++) {
                    assertThat(manyLogits[row][column])
                            .isCloseTo(fewLogits[row][column], within(2 * exact.errors[row][column]));
                }
            }
        }
    }

    /** As many key/value heads as heads, in every block. */
    private static ModelConfig repeated(ModelConfig grouped) {
        return new ModelConfig(
                grouped.name(),
                grouped.embedding(),
                grouped.positions(),
                grouped.blocks().stream().map(GroupedHeadsTest::repeated).toList(),
                grouped.head());
    }

    private static BlockConfig repeated(BlockConfig block) {
        AttentionConfig heads = block.attention();
        return new BlockConfig(
                block.attentionNorm(),
                new AttentionConfig(
                        heads.numHeads(),
                        heads.numHeads(),
                        heads.headDim(),
                        heads.rotary().orElseThrow(),
                        heads.window()),
                block.feedForwardNorm(),
                block.feedForward());
    }

    private static ModelWeights repeated(SmallPass grouped) {
        List<BlockWeights> blocks = new ArrayList<>();
        for (int layer = 0; layer < grouped.model.numLayers(); layer++) {
            BlockWeights block = grouped.weights.blocks().get(layer);
            AttentionConfig heads = grouped.model.blocks().get(layer).attention();
            AttentionWeights.Heads attention = (AttentionWeights.Heads) block.attention();
            blocks.add(new BlockWeights(
                    block.attentionNorm(),
                    new AttentionWeights.Heads(
                            attention.query(),
                            repeated(grouped, attention.key(), heads),
                            repeated(grouped, attention.value(), heads),
                            attention.output(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()),
                    block.feedForwardNorm(),
                    block.feedForward(),
                    Optional.empty()));
        }
        return new ModelWeights(
                grouped.weights.embedding(),
                Optional.empty(),
                blocks,
                grouped.weights.finalNorm(),
                grouped.weights.lmHead());
    }

    /** Head h of H gets the rows of head ⌊h·K/H⌋ of K. */
    private static Linear repeated(SmallPass grouped, Linear few, AttentionConfig heads) {
        int d = heads.headDim();
        double[][] rows = Matrices.values(grouped.backend, few.weight());
        double[][] repeated = new double[heads.numHeads() * d][];
        for (int row = 0; row < repeated.length; row++) {
            int head = row / d;
            repeated[row] = rows[head * heads.numKvHeads() / heads.numHeads() * d + row % d];
        }
        return new Linear(Matrices.weight(grouped.backend, grouped.memory, repeated), Optional.empty());
    }
}
