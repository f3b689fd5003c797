package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tokens decoded after a prompt. */
class DecodeAccountTest {
    /** L 3, D 12, H 6, K 2, d 4, F 20, V 11. */
    private static final ModelConfig GROUPED = AccountTest.GROUPED;

    /** B = 2, T = 5, N = 2: the tokens see 6 and 7 positions, 13 together. */
    @Test
    void everyKindIsWhatWasWorkedOutByHand() {
        Account account = decoding(GROUPED, 2, 5, 2);
        PhaseAccount decode = account.decode().orElseThrow();

        assertThat(decode.kinds())
                .containsExactly(
                        Forms.kind(MatmulKind.Q_PROJ, 3, 2, 2, 12, 24, "2·B·G·D·H·d", 2_304),
                        Forms.kind(MatmulKind.K_PROJ, 3, 2, 2, 12, 8, "2·B·G·D·K·d", 768),
                        Forms.kind(MatmulKind.V_PROJ, 3, 2, 2, 12, 8, "2·B·G·D·K·d", 768),
                        Forms.kind(
                                MatmulKind.ATTN_SCORES,
                                3,
                                "2·B·H·S·d",
                                1_248,
                                List.of(new ProductShape(3, 4, 7, 4), new ProductShape(3, 4, 6, 4))),
                        Forms.kind(
                                MatmulKind.ATTN_VALUES,
                                3,
                                "2·B·H·S·d",
                                1_248,
                                List.of(new ProductShape(3, 7, 4, 4), new ProductShape(3, 6, 4, 4))),
                        Forms.kind(MatmulKind.O_PROJ, 3, 2, 2, 24, 12, "2·B·G·H·d·D", 2_304),
                        Forms.kind(MatmulKind.FFN_GATE, 3, 2, 2, 12, 20, "2·B·G·D·F", 1_920),
                        Forms.kind(MatmulKind.FFN_UP, 3, 2, 2, 12, 20, "2·B·G·D·F", 1_920),
                        Forms.kind(MatmulKind.FFN_DOWN, 3, 2, 2, 20, 12, "2·B·G·F·D", 1_920),
                        Forms.kind(MatmulKind.LM_HEAD, 1, 2, 2, 12, 11, "2·B·G·D·V", 1_056));
        assertThat(decode.flops()).isEqualTo(44_256);
        assertThat(account.step(decode.phase(), 0).flops()).isEqualTo(21_840);
        assertThat(account.step(decode.phase(), 1).flops()).isEqualTo(22_416);
        assertThat(decode.kinds().stream().map(KindAccount::compulsoryBytes))
                .containsExactly(8_640L, 3_264L, 3_264L, 5_520L, 5_520L, 8_640L, 7_296L, 7_296L, 7_296L, 1_424L);
        assertThat(decode.compulsoryBytes()).isEqualTo(58_160);
        assertThat(account.weightsBytesRead()).isEqualTo(4 * 4_596);
        assertThat(account.cacheBytesReadAt(6)).isEqualTo(4 * 2 * 3 * 2 * 2 * 4 * 6);
        assertThat(account.memory().kvCacheBytes()).isEqualTo(4 * 2 * 3 * 2 * 7 * 2 * 4);
    }

    /** 151,843,584 parameters are read by products; 24 products of 12 heads see 1,025 positions and more. */
    @Test
    void gpt2SmallAfter1024TokensDecodes32() {
        Account account = decoding(TestModels.shipped("gpt2-small"), 1, 1024, 32);

        long weights = 12 * (4 * 768 * 768 + 3 * 768 * 3072) + 50_257L * 768;
        long positions = 32 * 1024 + 32 * 33 / 2;
        assertThat(account.decode().orElseThrow().flops()).isEqualTo(32 * 2 * weights + 4L * 12 * 768 * positions);
        assertThat(account.weightsBytesRead()).isEqualTo(4 * weights);
        assertThat(account.memory().kvCacheBytes()).isEqualTo(4L * 2 * 12 * 1056 * 768);
    }

    @Test
    void cacheIsThatOfAPassOverAllTokens() {
        Account account = decoding(GROUPED, 3, 10, 7);

        assertThat(account.memory().kvCacheBytes())
                .isEqualTo(Account.of(GROUPED, 3, 17).memory().kvCacheBytes());
    }

    /** A window of four tokens bounds what a token reads of the caches, not what they hold. */
    @Test
    void aWindowBoundsWhatADecodedTokenReads() {
        ModelConfig windowed = TestModels.builder("windowed")
                .vocab(11)
                .dModel(12)
                .heads(6)
                .kvHeads(2)
                .headDim(4)
                .dFf(20)
                .block(block -> block.window(4))
                .block(block -> block)
                .build();
        Account account = decoding(windowed, 2, 2, 5);

        assertThat(account.cacheBytesReadAt(3)).isEqualTo(4 * 2 * 2 * 8 * (3 + 3));
        assertThat(account.cacheBytesReadAt(7)).isEqualTo(4 * 2 * 2 * 8 * (4 + 7));
        assertThat(account.memory().kvCacheBytes()).isEqualTo(4 * 2 * 2 * 8 * (7 + 7));
        // Tokens see 3, 4, 4, 4, 4 positions in the first layer and 3, 4, 5, 6, 7 in the second.
        assertThat(account.decode().orElseThrow().layers().get(0).get(3))
                .isEqualTo(new ProductForm(
                        MatmulKind.ATTN_SCORES,
                        "2·B·H·S(R,C)·d",
                        2 * 2 * 6 * 19 * 4,
                        List.of(new ProductShape(3, 4, 4, 16), new ProductShape(3, 4, 3, 4))));
        assertThat(account.decode().orElseThrow().layers().get(1).get(3).flops())
                .isEqualTo(2 * 2 * 6 * 25 * 4);
    }

    private static Account decoding(ModelConfig model, int batch, int context, int tokens) {
        return Account.of(
                model, List.of(Phase.prefill(batch, context), Phase.decode(batch, context, tokens)), Attention.full());
    }
}
