package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models whose layers differ: what is worked out by hand, layer by layer. */
class DifferentBlocksTest {
    /** D 11, V 21; H·d, K·d and F of the layers: 16, 8, 13 gated; 12, 12, 5; 12, 2, 13 gated; 16, 16, 20; and the first again. */
    private static final ModelConfig MODEL = SmallModels.ALTERNATING;

    private static final ParameterAccount.Block FIRST =
            new ParameterAccount.Block(2 * 11 * 16 + 2 * 11 * 8, 3 * 11 * 13, 22, 0, 0);
    private static final ParameterAccount.Block SECOND = new ParameterAccount.Block(4 * 11 * 12, 2 * 11 * 5, 22, 0, 0);
    private static final ParameterAccount.Block THIRD =
            new ParameterAccount.Block(2 * 11 * 12 + 2 * 11 * 2, 3 * 11 * 13, 22, 0, 0);
    private static final ParameterAccount.Block FOURTH = new ParameterAccount.Block(4 * 11 * 16, 2 * 11 * 20, 22, 0, 0);

    private final Account account = Account.of(MODEL, 2, 5);

    @Test
    void everyLayerHasItsOwnParameters() {
        assertThat(account.parameters())
                .isEqualTo(new ParameterAccount(
                        231,
                        0,
                        List.of(FIRST, SECOND, THIRD, FOURTH, FIRST),
                        FIRST.total() + SECOND.total() + THIRD.total() + FOURTH.total(),
                        11,
                        231));
        assertThat(account.parameters().total())
                .isEqualTo(231 + 2 * FIRST.total() + SECOND.total() + THIRD.total() + FOURTH.total() + 11 + 231);
        assertThat(account.memory().sharedWeightsBytes())
                .isEqualTo(account.memory().weightsBytes() - 4 * FIRST.total());
    }

    /** Blocks that differ in their window alone have as many parameters each, and not the same ones. */
    @Test
    void blocksOfOneSizeAreSharedOnlyIfTheyAreTheSame() {
        ModelConfig windows = TestModels.builder("windows")
                .block(block -> block.window(3))
                .block(block -> block)
                .block(block -> block.window(3))
                .block(block -> block)
                .build();
        ParameterAccount parameters = Account.of(windows, 1, 1).parameters();

        assertThat(parameters.layers()).containsOnly(parameters.firstBlock());
        assertThat(parameters.sharedBlocks())
                .isEqualTo(2 * parameters.firstBlock().total())
                .isEqualTo(parameters.blocks() / 2);
    }

    /** Queries and heads of 16, keys and values of 16, a gate of 13 and an up of 20, each in another layer. */
    @Test
    void buffersAreAsWideAsTheWidestLayerThatUsesThem() {
        assertThat(account.memory().activations())
                .containsExactlyInAnyOrder(
                        new MemoryAccount.Buffer("residual", 10, 11),
                        new MemoryAccount.Buffer("normed", 10, 11),
                        new MemoryAccount.Buffer("queries", 10, 16),
                        new MemoryAccount.Buffer("keys", 10, 16),
                        new MemoryAccount.Buffer("values", 10, 16),
                        new MemoryAccount.Buffer("attention", 10, 16),
                        new MemoryAccount.Buffer("gate", 10, 13),
                        new MemoryAccount.Buffer("up", 10, 20),
                        new MemoryAccount.Buffer("scores", 5, 5),
                        new MemoryAccount.Buffer("logits", 10, 21));
    }

    /** The widest layer is neither the first nor the last. */
    @Test
    void buffersAreAsWideAsTheWidestLayerWhereverItIs() {
        ModelConfig middle = TestModels.builder("middle")
                .block(block -> block.dFf(3))
                .block(block -> block.heads(4).headDim(6).dFf(9))
                .block(block -> block.dFf(5))
                .build();
        assertThat(Account.of(middle, 1, 2).memory().activations())
                .contains(
                        new MemoryAccount.Buffer("queries", 2, 24),
                        new MemoryAccount.Buffer("keys", 2, 24),
                        new MemoryAccount.Buffer("gate", 2, 9),
                        new MemoryAccount.Buffer("up", 2, 9));
    }

    @Test
    void cachesAreAsWideAsTheHeadsOfTheirLayers() {
        Account decoding = Account.of(MODEL, List.of(Phase.prefill(2, 5), Phase.decode(2, 5, 4)), Attention.full());
        assertThat(decoding.memory().kvCacheBytes()).isEqualTo(4 * 2 * 9 * 2 * (8 + 12 + 2 + 16 + 8));
        // A token at position 8 sees 3, 8, 1, 5 and 3 of them.
        assertThat(decoding.cacheBytesReadAt(8)).isEqualTo(4 * 2 * 2 * (3 * 8 + 8 * 12 + 2 + 5 * 16 + 3 * 8));
        assertThat(decoding.weightsBytesRead())
                .isEqualTo(4
                        * (2 * (FIRST.attention() + FIRST.feedForward())
                                + SECOND.attention()
                                + SECOND.feedForward()
                                + THIRD.attention()
                                + THIRD.feedForward()
                                + FOURTH.attention()
                                + FOURTH.feedForward()
                                + 231));
    }

    @Test
    void aKindThatNotEveryLayerHasCountsThoseThatDo() {
        PhaseAccount prefill = account.prefill();
        KindAccount gate = prefill.kind(MatmulKind.FFN_GATE).orElseThrow();
        assertThat(gate.layers()).isEqualTo(3);
        assertThat(gate.forms()).hasSize(1);
        KindAccount up = prefill.kind(MatmulKind.FFN_UP).orElseThrow();
        assertThat(up.layers()).isEqualTo(5);
        assertThat(up.forms()).hasSize(3);
        assertThat(up.shapes())
                .containsExactly(
                        new ProductShape(10, 11, 20, 1),
                        new ProductShape(10, 11, 13, 3),
                        new ProductShape(10, 11, 5, 1));
        assertThat(up.hasOneShape()).isFalse();
        assertThat(up.largest()).isEqualTo(new ProductShape(10, 11, 20, 1));
        assertThat(prefill.sites()).hasSize(3 * 9 + 2 * 8 + 1);
    }

    /** A window changes what a dense algorithm makes useful, never what it computes; a causal one computes less. */
    @Test
    void aWindowSavesProductsOnlyWhereTilesAreSkipped() {
        ModelConfig windowed = SmallModels.WINDOWED;
        ModelConfig wide = TestModels.builder("wide")
                .vocab(17)
                .layers(2)
                .dModel(10)
                .heads(4)
                .kvHeads(2)
                .headDim(4)
                .dFf(9)
                .build();
        Attention causal = new Attention(Algorithm.CAUSAL, 2, 2);
        List<Phase> prompt = List.of(Phase.prefill(1, 12));

        assertThat(Account.of(windowed, 1, 12).prefill().flops())
                .isEqualTo(Account.of(wide, 1, 12).prefill().flops());
        assertThat(Account.of(windowed, prompt, causal).prefill().flops())
                .isLessThan(Account.of(wide, prompt, causal).prefill().flops());
        // Of 12 queries, the first sees one token, the second two, and ten see three: 33 of 78, for 4 heads of 4 in 2
        // layers.
        assertThat(Account.of(windowed, 1, 12).prefill().usefulAttentionFlops()).isEqualTo(2 * 4 * 4 * 33 * 4);
        assertThat(Account.of(wide, 1, 12).prefill().usefulAttentionFlops()).isEqualTo(2 * 4 * 4 * 78 * 4);
    }
}
