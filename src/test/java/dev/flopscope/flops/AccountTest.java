package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    /** D = 12, H = 6, K = 2, d = 4 (so H·d = 24 is not D), F = 20, V = 11, L = 3. */
    private static final ModelConfig GROUPED =
            TestModels.model("grouped", 11, 3, 12, 6, 2, 4, 20, false, FeedForward.SWIGLU);

    private final Account grouped = Account.of(GROUPED, 2, 5);

    @Test
    void groupedHeadsOfTheirOwnWidthHaveTheseProducts() {
        assertThat(grouped.kinds())
                .containsExactly(
                        new KindAccount(MatmulKind.Q_PROJ, 3, 1, 10, 12, 24, "2·B·T·D·H·d", 5_760),
                        new KindAccount(MatmulKind.K_PROJ, 3, 1, 10, 12, 8, "2·B·T·D·K·d", 1_920),
                        new KindAccount(MatmulKind.V_PROJ, 3, 1, 10, 12, 8, "2·B·T·D·K·d", 1_920),
                        new KindAccount(MatmulKind.ATTN_SCORES, 3, 12, 5, 4, 5, "2·B·H·T²·d", 2_400),
                        new KindAccount(MatmulKind.ATTN_VALUES, 3, 12, 5, 5, 4, "2·B·H·T²·d", 2_400),
                        new KindAccount(MatmulKind.O_PROJ, 3, 1, 10, 24, 12, "2·B·T·H·d·D", 5_760),
                        new KindAccount(MatmulKind.FFN_GATE, 3, 1, 10, 12, 20, "2·B·T·D·F", 4_800),
                        new KindAccount(MatmulKind.FFN_UP, 3, 1, 10, 12, 20, "2·B·T·D·F", 4_800),
                        new KindAccount(MatmulKind.FFN_DOWN, 3, 1, 10, 20, 12, "2·B·T·F·D", 4_800),
                        new KindAccount(MatmulKind.LM_HEAD, 1, 1, 10, 12, 11, "2·B·T·D·V", 2_640));
        assertThat(grouped.flops()).isEqualTo(3 * 34_560 + 2_640);
    }

    @Test
    void groupedHeadsOfTheirOwnWidthHaveTheseParameters() {
        assertThat(grouped.parameters()).isEqualTo(new ParameterAccount(132, 768, 720, 24, 3, 12, 132));
    }

    @Test
    void memoryIsWeightsOneLayersBuffersAndTheCache() {
        MemoryAccount memory = grouped.memory();
        long parameters = 132 + 3 * (768 + 720 + 24) + 12 + 132;
        long columns = 12 + 12 + 24 + 8 + 8 + 24 + 20 + 20 + 11;

        assertThat(memory.weightsBytes()).isEqualTo(4 * parameters);
        assertThat(memory.sharedWeightsBytes()).isEqualTo(4 * (parameters - 2 * (768 + 720 + 24)));
        assertThat(memory.activationsBytes()).isEqualTo(4 * (10 * columns + 5 * 5));
        assertThat(memory.kvCacheBytes()).isEqualTo(4 * 2 * 3 * 10 * 8);
    }

    @Test
    void geluNeedsNoBufferForAGate() {
        Account account = Account.of(TestModels.tiedGelu("gelu", 7, 1, 8, 2, 16), 1, 3);

        assertThat(account.memory().activations())
                .extracting(MemoryAccount.Buffer::name)
                .doesNotContain("gate")
                .contains("up", "logits", "scores");
        assertThat(account.kinds()).extracting(KindAccount::kind).doesNotContain(MatmulKind.FFN_GATE);
    }

    @Test
    void lettersAreTheExtents() {
        assertThat(grouped.letters())
                .isEqualTo(Map.of("B", 2L, "T", 5L, "D", 12L, "H", 6L, "K", 2L, "d", 4L, "F", 20L, "V", 11L, "L", 3L));
    }

    @Test
    void widenedModelKeepsTheWidthOfAHead() {
        assertThat(grouped.widened(2))
                .isEqualTo(Account.of(
                        TestModels.model("grouped", 11, 3, 24, 12, 4, 4, 40, false, FeedForward.SWIGLU), 2, 5));
    }

    @Test
    void anotherContextKeepsModelAndBatch() {
        assertThat(grouped.atContext(7)).isEqualTo(Account.of(GROUPED, 2, 7));
    }

    @Test
    void callsOfAPassAreThoseOfAllLayers() {
        assertThat(grouped.kind(MatmulKind.ATTN_SCORES).orElseThrow().calls()).isEqualTo(36);
        assertThat(grouped.kind(MatmulKind.ATTN_SCORES).orElseThrow().shape()).isEqualTo("5×4×5");
    }

    @Test
    void countBeyondALongIsRefused() {
        for (ModelConfig model : List.of(
                TestModels.swiglu("layers", 7, 1_000_000_000, 1_000_000, 2, 1_000_000),
                TestModels.swiglu("width", Integer.MAX_VALUE, 1, 2_000_000_000, 1_000_000_000, 8))) {
            assertThatThrownBy(() -> Account.of(model, 1, 1024)).isInstanceOf(ArithmeticException.class);
        }
        ModelConfig small = TestModels.swiglu("small", 7, 1, 8, 2, 16);
        assertThatThrownBy(() -> Account.of(small, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void widthBeyondAnIntIsRefused() {
        Account wide = Account.of(TestModels.swiglu("wide", 7, 1, 4, 2, 1_500_000_000), 1, 1);

        assertThatThrownBy(() -> wide.widened(2)).isInstanceOf(ArithmeticException.class);
    }
}
