package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import org.junit.jupiter.api.Test;

/** Figures that others published, each with the convention under which it is ours. */
class OtherPublishedFiguresTest {
    private static final int VOCABULARY = 50_257;

    private final Account gpt2Small = Account.of(TestModels.gpt2Small124M(), 1, 1024);

    @Test
    void gpt2SmallAsCommonlySizedHasThePublishedForwardPass() {
        assertThat(Forms.ofLayer(gpt2Small, MatmulKind.ATTN_SCORES)).isEqualTo(1_610_612_736L);
        assertThat(gpt2Small.prefill().flops()).isEqualTo(291_648_307_200L);
        assertThat(PublishedTablesTest.percent(
                        gpt2Small.prefill().components().lmHead(),
                        gpt2Small.prefill().flops()))
                .isEqualTo("27.10");
    }

    @Test
    void swigluOfTwoThirdsTheWidthHasTheSameTotalWithOtherKinds() {
        Account trap = Account.of(TestModels.swiglu("trap", VOCABULARY, 12, 768, 12, 2048), 1, 1024);

        assertThat(trap.prefill().flops()).isEqualTo(gpt2Small.prefill().flops());
        assertThat(trap.prefill().components()).isEqualTo(gpt2Small.prefill().components());
        assertThat(trap.prefill().kind(MatmulKind.FFN_GATE)).isPresent();
        assertThat(gpt2Small.prefill().kind(MatmulKind.FFN_GATE)).isEmpty();
        assertThat(Forms.ofLayer(trap, MatmulKind.FFN_UP)).isEqualTo(3_221_225_472L);
        assertThat(Forms.ofLayer(gpt2Small, MatmulKind.FFN_UP)).isEqualTo(4_831_838_208L);
    }

    @Test
    void xlWithTwoFeedForwardProductsHasThePublishedTotal() {
        ModelConfig model = TestModels.tiedGelu("xl", VOCABULARY, 48, 1600, 25, 6400);

        assertThat(Account.of(model, 1, 1024).prefill().flops()).isEqualTo(3_506_703_564_800L);
    }

    /** The published number is under our own convention: dense attention, three products, the LM head at every position. */
    @Test
    void llama7bHasThePublishedTotalUnderOurConvention() {
        ModelConfig model = TestModels.swiglu("llama-7b", 32_000, 32, 4096, 32, 11_008);

        assertThat(Account.of(model, 1, 128).prefill().flops()).isEqualTo(1_700_001_742_848L);
    }

    @Test
    void triangleOfScoresInsteadOfTheSquareGivesThePublishedTotal() {
        Components dense = gpt2Small.prefill().components();
        long triangle = dense.attentionProducts() / (2L * 1024) * 1025;

        assertThat(dense.attentionProducts() % (2L * 1024)).isZero();
        assertThat(dense.total() - dense.attentionProducts() + triangle).isEqualTo(272_339_828_736L);
    }

    @Test
    void tiedHeadCostsTheSameFlopsAndNoParameters() {
        ModelConfig tied = TestModels.gpt2Small124M();
        ModelConfig untied = TestModels.builder("untied")
                .vocab(VOCABULARY)
                .layers(12)
                .dModel(768)
                .heads(12)
                .dFf(3072)
                .gelu()
                .build();

        assertThat(Account.of(untied, 1, 1024).prefill().flops())
                .isEqualTo(gpt2Small.prefill().flops());
        assertThat(ParameterAccount.of(tied).lmHead()).isZero();
        assertThat(ParameterAccount.of(untied).total()
                        - ParameterAccount.of(tied).total())
                .isEqualTo(50_257L * 768);
    }
}
