package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
    private static final ModelConfig MIXED = SmallModels.ALTERNATING;

    @Test
    void layersAreGroupedByTheirBlocksInTheOrderInWhichTheyCome() {
        List<BlockConfig> blocks = MIXED.blocks();

        assertThat(MIXED.numLayers()).isEqualTo(5);
        assertThat(MIXED.layersByBlock())
                .containsExactly(
                        Map.entry(blocks.get(0), 2),
                        Map.entry(blocks.get(1), 1),
                        Map.entry(blocks.get(2), 1),
                        Map.entry(blocks.get(3), 1));
        assertThat(MIXED.isUniform()).isFalse();
        assertThat(SmallModels.WINDOWED.isUniform()).isTrue();
        assertThat(MIXED.firstBlock()).isSameAs(blocks.get(0));
    }

    @Test
    void aUniformModelIsTheOneWithEveryBlockGiven() {
        BlockConfig block = SmallModels.PLAIN.firstBlock();
        ModelConfig listed = new ModelConfig(
                "plain",
                SmallModels.PLAIN.embedding(),
                SmallModels.PLAIN.positions(),
                List.of(block),
                SmallModels.PLAIN.head());
        assertThat(listed).isEqualTo(SmallModels.PLAIN).hasSameHashCodeAs(SmallModels.PLAIN);
    }

    /** Everything but the width of a head, the windows and the constants doubles, in every block. */
    @Test
    void aWidenedModelKeepsTheWidthOfEachHeadAndTheWindows() {
        ModelConfig wide = MIXED.widened(2);

        assertThat(wide.dModel()).isEqualTo(22);
        assertThat(wide.vocabSize()).isEqualTo(MIXED.vocabSize());
        for (int layer = 0; layer < MIXED.numLayers(); layer++) {
            BlockConfig before = MIXED.blocks().get(layer);
            BlockConfig after = wide.blocks().get(layer);
            AttentionConfig heads = before.attention();
            assertThat(after.attention())
                    .isEqualTo(new AttentionConfig(
                            2 * heads.numHeads(),
                            2 * heads.numKvHeads(),
                            heads.headDim(),
                            heads.rotary().orElseThrow(),
                            heads.window()));
            assertThat(after.feedForward().width())
                    .isEqualTo(2 * before.feedForward().width());
            assertThat(after.feedForward().label())
                    .isEqualTo(before.feedForward().label());
            assertThat(after.attentionNorm()).isEqualTo(before.attentionNorm());
        }
    }

    @Test
    void widthsBeyondAnIntAreRefused() {
        ModelConfig wide = TestModels.swiglu("wide", 7, 1, 4, 2, 1_500_000_000);

        assertThatThrownBy(() -> wide.widened(2)).isInstanceOf(ArithmeticException.class);
        AttentionConfig widest = new AttentionConfig(2, 1, 1 << 29, new RotaryConfig(10_000), OptionalInt.empty());
        assertThatThrownBy(() -> widest.widened(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_heads * head_dim must be at most 2147483647: 2147483648");
    }

    @Test
    void layersAreFromOneToTheMostThatCanBeListed() {
        assertThat(layers(ModelConfig.MOST_LAYERS).numLayers()).isEqualTo(100_000);
        assertThatThrownBy(() -> layers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_layers must be at least 1: num_layers=0");
        assertThatThrownBy(() -> layers(ModelConfig.MOST_LAYERS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_layers must be at most 100000: num_layers=100001");
        assertThatThrownBy(() -> layers(Integer.MAX_VALUE))
                .hasMessage("num_layers must be at most 100000: num_layers=2147483647");
        assertThatThrownBy(() -> new ModelConfig(
                        "none",
                        SmallModels.PLAIN.embedding(),
                        SmallModels.PLAIN.positions(),
                        List.of(),
                        SmallModels.PLAIN.head()))
                .hasMessage("num_layers must be at least 1: num_layers=0");
    }

    private static ModelConfig layers(int layers) {
        return TestModels.swiglu("deep", 7, layers, 2, 1, 2);
    }

    @Test
    void traitsRefuseWhatTheyCannotBe() {
        RotaryConfig rotary = new RotaryConfig(10_000);
        assertThatThrownBy(() -> new AttentionConfig(2, 2, 4, rotary, OptionalInt.of(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window must be at least 1: window=0");
        assertThatThrownBy(() -> new AttentionConfig(4, 3, 4, rotary, OptionalInt.empty()))
                .hasMessage("num_heads must be a multiple of num_kv_heads: num_heads=4, num_kv_heads=3");
        assertThatThrownBy(() -> new AttentionConfig(2, 2, 3, rotary, OptionalInt.empty()))
                .hasMessage("head_dim must be even for rotary positions: head_dim=3");
        assertThatThrownBy(() -> new RotaryConfig(Double.NaN))
                .hasMessage("rope_theta must be positive: rope_theta=NaN");
        assertThatThrownBy(() -> new NormConfig.Rms(0)).hasMessage("norm_eps must be positive: norm_eps=0.0");
        assertThatThrownBy(() -> new FeedForwardConfig.Plain(0, Activation.GELU_TANH))
                .hasMessage("d_ff must be at least 1: d_ff=0");
        assertThatThrownBy(() -> new FeedForwardConfig.Gated(-1, Activation.SILU))
                .hasMessage("d_ff must be at least 1: d_ff=-1");
        assertThatThrownBy(() -> new EmbeddingConfig(0, 1)).hasMessage("vocab_size must be at least 1: vocab_size=0");
        assertThatThrownBy(() -> new EmbeddingConfig(1, 0)).hasMessage("d_model must be at least 1: d_model=0");
        assertThatThrownBy(() -> new PositionsConfig(0))
                .hasMessage("context_length must be at least 1: context_length=0");
    }

    @Test
    void networksHaveTheNamesThatConfigsGiveThem() {
        assertThat(new FeedForwardConfig.Gated(1, Activation.SILU).label()).isEqualTo("swiglu");
        assertThat(new FeedForwardConfig.Plain(1, Activation.GELU_TANH).label()).isEqualTo("gelu");
    }

    @Test
    void attentionKnowsItsWidths() {
        AttentionConfig heads = SmallModels.GROUPED.firstBlock().attention();
        assertThat(heads.queryWidth()).isEqualTo(24);
        assertThat(heads.keyWidth()).isEqualTo(12);
        assertThat(heads.headsPerKeyValue()).isEqualTo(2);
    }
}
