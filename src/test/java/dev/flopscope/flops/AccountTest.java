package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AccountTest {
    /** D = 12, H = 6, K = 2, d = 4 (so H·d = 24 is not D), F = 20, V = 11, L = 3. */
    static final ModelConfig GROUPED = TestModels.builder("grouped")
            .vocab(11)
            .layers(3)
            .dModel(12)
            .heads(6)
            .kvHeads(2)
            .headDim(4)
            .dFf(20)
            .build();

    private final Account grouped = Account.of(GROUPED, 2, 5);

    @Test
    void groupedHeadsOfTheirOwnWidthHaveTheseProducts() {
        assertThat(grouped.prefill().kinds())
                .containsExactly(
                        Forms.kind(MatmulKind.Q_PROJ, 3, 1, 10, 12, 24, "2·B·T·D·H·d", 5_760),
                        Forms.kind(MatmulKind.K_PROJ, 3, 1, 10, 12, 8, "2·B·T·D·K·d", 1_920),
                        Forms.kind(MatmulKind.V_PROJ, 3, 1, 10, 12, 8, "2·B·T·D·K·d", 1_920),
                        Forms.kind(MatmulKind.ATTN_SCORES, 3, 12, 5, 4, 5, "2·B·H·T²·d", 2_400),
                        Forms.kind(MatmulKind.ATTN_VALUES, 3, 12, 5, 5, 4, "2·B·H·T²·d", 2_400),
                        Forms.kind(MatmulKind.O_PROJ, 3, 1, 10, 24, 12, "2·B·T·H·d·D", 5_760),
                        Forms.kind(MatmulKind.FFN_GATE, 3, 1, 10, 12, 20, "2·B·T·D·F", 4_800),
                        Forms.kind(MatmulKind.FFN_UP, 3, 1, 10, 12, 20, "2·B·T·D·F", 4_800),
                        Forms.kind(MatmulKind.FFN_DOWN, 3, 1, 10, 20, 12, "2·B·T·F·D", 4_800),
                        Forms.kind(MatmulKind.LM_HEAD, 1, 1, 10, 12, 11, "2·B·T·D·V", 2_640));
        assertThat(grouped.prefill().flops()).isEqualTo(3 * 34_560 + 2_640);
        assertThat(grouped.prefill().blockFlops()).isEqualTo(34_560);
        assertThat(grouped.decode()).isEmpty();
        assertThat(grouped.convention()).isEqualTo(Account.CONVENTION);
    }

    @Test
    void groupedHeadsOfTheirOwnWidthHaveTheseParameters() {
        ParameterAccount.Block block = new ParameterAccount.Block(768, 720, 24, 0, 0);
        assertThat(grouped.parameters())
                .isEqualTo(new ParameterAccount(132, 0, List.of(block, block, block), 1_512, 12, 132));
        assertThat(block.total()).isEqualTo(1_512);
        assertThat(grouped.parameters().blocks()).isEqualTo(3 * 1_512);
        assertThat(grouped.parameters().total()).isEqualTo(132 + 3 * 1_512 + 12 + 132);
        assertThat(grouped.parameters().sharedTotal()).isEqualTo(132 + 1_512 + 12 + 132);
        assertThat(grouped.weightsBytesRead()).isEqualTo(4 * (3 * (768 + 720) + 132));
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
        assertThat(memory.activations())
                .extracting(MemoryAccount.Buffer::name)
                .containsExactly(
                        "residual",
                        "normed",
                        "queries",
                        "keys",
                        "values",
                        "attention",
                        "gate",
                        "up",
                        "scores",
                        "logits");
    }

    @Test
    void geluNeedsNoBufferForAGate() {
        Account account = Account.of(TestModels.tiedGelu("gelu", 7, 1, 8, 2, 16), 1, 3);

        assertThat(account.memory().activations())
                .extracting(MemoryAccount.Buffer::name)
                .doesNotContain("gate", "last rows")
                .contains("up", "logits", "scores");
        assertThat(account.prefill().kinds()).extracting(KindAccount::kind).doesNotContain(MatmulKind.FFN_GATE);
        assertThat(account.prefill().kind(MatmulKind.FFN_GATE)).isEmpty();
    }

    /** Chunks of two queries after up to five tokens, then decoded tokens: rows of a chunk, and logits of two rows. */
    @Test
    void buffersAreAsLargeAsTheLargestChunkNeeds() {
        List<Phase> phases = List.of(Phase.prefill(2, 5, 2, LogitsRows.LAST), Phase.decode(2, 5, 4));
        MemoryAccount memory = Account.of(GROUPED, phases, Attention.full()).memory();
        long columns = 12 + 12 + 24 + 8 + 8 + 24 + 20 + 20;

        assertThat(memory.activationsBytes()).isEqualTo(4 * (4 * columns + 2 * 9 + 2 * 12 + 2 * 11));
        assertThat(memory.activations())
                .contains(
                        new MemoryAccount.Buffer("scores", 2, 9),
                        new MemoryAccount.Buffer("last rows", 2, 12),
                        new MemoryAccount.Buffer("logits", 2, 11));
        assertThat(memory.kvCacheBytes()).isEqualTo(4 * 2 * 3 * 2 * 9 * 8);
        MemoryAccount tiled =
                Account.of(GROUPED, phases, Attention.of(Algorithm.TILED)).memory();
        assertThat(tiled.activationsBytes()).isEqualTo(memory.activationsBytes() - 4 * 2 * 9);
    }

    @Test
    void logitsOfEveryTokenNeedARowForEachTokenOfAChunk() {
        MemoryAccount memory = Account.of(
                        GROUPED,
                        List.of(Phase.prefill(2, 5, 3, LogitsRows.ALL), Phase.decode(2, 5, 4)),
                        Attention.of(Algorithm.CAUSAL))
                .memory();
        assertThat(memory.activations())
                .contains(new MemoryAccount.Buffer("logits", 6, 11))
                .extracting(MemoryAccount.Buffer::name)
                .doesNotContain("last rows", "scores");
    }

    /** Where tokens come one by one and every one has logits, its row is the last row as it is. */
    @Test
    void lastRowsOfSingleTokensThatAlsoDecodeNeedNoBuffer() {
        List<Phase> phases = List.of(Phase.prefill(2, 5, 1, LogitsRows.LAST), Phase.decode(2, 5, 1));
        assertThat(Account.of(GROUPED, phases, Attention.of(Algorithm.TILED))
                        .memory()
                        .activations())
                .contains(new MemoryAccount.Buffer("logits", 2, 11))
                .extracting(MemoryAccount.Buffer::name)
                .doesNotContain("last rows");
    }

    @Test
    void logitsOfTheLastTokenAreOneProductOfOneRowASequence() {
        Account last = Account.of(GROUPED, List.of(Phase.prefill(2, 5, 2, LogitsRows.LAST)), Attention.full());

        assertThat(last.prefill().kind(MatmulKind.LM_HEAD))
                .contains(Forms.kind(MatmulKind.LM_HEAD, 1, 1, 2, 12, 11, "2·B·D·V", 528));
        Phase phase = last.prefill().phase();
        assertThat(last.step(phase, 0).kind(MatmulKind.LM_HEAD)).isEmpty();
        assertThat(last.step(phase, 0).head()).isEmpty();
        assertThat(last.step(phase, 2).kind(MatmulKind.LM_HEAD))
                .isEqualTo(last.prefill().kind(MatmulKind.LM_HEAD));
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
                        TestModels.builder("grouped")
                                .vocab(11)
                                .layers(3)
                                .dModel(24)
                                .heads(12)
                                .kvHeads(4)
                                .headDim(4)
                                .dFf(40)
                                .build(),
                        2,
                        5));
    }

    @Test
    void anotherContextKeepsModelBatchAndAttention() {
        assertThat(grouped.atContext(7)).isEqualTo(Account.of(GROUPED, 2, 7));
        Attention causal = new Attention(Algorithm.CAUSAL, 2, 3);
        List<Phase> phases = List.of(Phase.prefill(2, 5, 5, LogitsRows.LAST), Phase.decode(2, 5, 3));
        assertThat(Account.of(GROUPED, phases, causal).atContext(7))
                .isEqualTo(Account.of(GROUPED, List.of(Phase.prefill(2, 7, 7, LogitsRows.LAST)), causal));
    }

    @Test
    void callsOfAPassAreThoseOfAllLayers() {
        KindAccount scores = grouped.prefill().kind(MatmulKind.ATTN_SCORES).orElseThrow();
        assertThat(scores.calls()).isEqualTo(36);
        assertThat(scores.largest()).hasToString("5×4×5");
        assertThat(scores.hasOneShape()).isTrue();
    }

    /** Sixteen products of 2·10⁶·10⁶·10⁶ FLOPs are one power of ten too many, in one layer or spread over layers. */
    @Test
    void countBeyondALongIsRefused() {
        for (ModelConfig model : List.of(
                TestModels.swiglu("layers", 7, 100_000, 1_000_000, 2, 1_000_000),
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

    @Test
    void aCausalAccountSaysThatItSkipsTiles() {
        assertThat(Account.of(GROUPED, List.of(Phase.prefill(1, 5)), Attention.of(Algorithm.CAUSAL))
                        .convention())
                .contains("skips the tiles");
    }

    /** Layers that are the same share their closed forms, so that the deepest model there may be takes no time to speak of. */
    @Test
    @Timeout(20)
    void theDeepestModelHasAnAccount() {
        ModelConfig deep = TestModels.swiglu("deep", 7, ModelConfig.MOST_LAYERS, 8, 2, 16);
        List<Phase> phases = List.of(Phase.prefill(1, 64), Phase.decode(1, 64, 1000));

        Account account = Account.of(deep, phases, Attention.of(Algorithm.CAUSAL));

        Account shallow =
                Account.of(TestModels.swiglu("shallow", 7, 1, 8, 2, 16), phases, Attention.of(Algorithm.CAUSAL));
        assertThat(account.prefill().components().blocks())
                .isEqualTo(100_000 * shallow.prefill().components().blocks());
        assertThat(account.decode().orElseThrow().components().attentionProducts())
                .isEqualTo(100_000 * shallow.decode().orElseThrow().components().attentionProducts());
        assertThat(account.parameters().blocks())
                .isEqualTo(100_000 * shallow.parameters().blocks());
        assertThat(account.parameters().sharedTotal())
                .isEqualTo(shallow.parameters().total());
        assertThat(account.prefill().sites()).hasSize(900_001);
        assertThat(account.memory().kvCacheBytes())
                .isEqualTo(100_000 * shallow.memory().kvCacheBytes());
    }

    @Test
    void aModelHasEveryPhaseThatItIsAskedFor() {
        Account account = Account.of(
                SmallModels.ALTERNATING, List.of(Phase.prefill(1, 5), Phase.decode(1, 5, 2)), Attention.full());
        assertThat(account.phases()).hasSize(2);
        assertThat(account.prefill().phase()).isEqualTo(Phase.prefill(1, 5));
        assertThat(account.decode().orElseThrow().phase()).isEqualTo(Phase.decode(1, 5, 2));
        assertThat(account.batch()).isEqualTo(1);
        assertThat(account.context()).isEqualTo(5);
    }
}
