package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecodeAccountTest {
    /** L 3, D 12, H 6, K 2, d 4, F 20, V 11. */
    private static final ModelConfig GROUPED =
            TestModels.model("grouped", 11, 3, 12, 6, 2, 4, 20, false, FeedForward.SWIGLU);

    /** B = 2, T = 5, N = 2: the tokens see 6 and 7 positions, 13 together. */
    @Test
    void everyKindIsWhatWasWorkedOutByHand() {
        DecodeAccount account = DecodeAccount.of(Account.of(GROUPED, 2, 5), 2);

        assertThat(account.kinds())
                .containsExactly(
                        new KindAccount(MatmulKind.Q_PROJ, 3, 2, 2, 12, 24, "2·N·B·D·H·d", 2_304),
                        new KindAccount(MatmulKind.K_PROJ, 3, 2, 2, 12, 8, "2·N·B·D·K·d", 768),
                        new KindAccount(MatmulKind.V_PROJ, 3, 2, 2, 12, 8, "2·N·B·D·K·d", 768),
                        new KindAccount(
                                MatmulKind.ATTN_SCORES,
                                3,
                                8,
                                3,
                                4,
                                7,
                                "2·B·H·S·d",
                                1_248,
                                List.of(new ProductShape(3, 4, 7, 4), new ProductShape(3, 4, 6, 4))),
                        new KindAccount(
                                MatmulKind.ATTN_VALUES,
                                3,
                                8,
                                3,
                                7,
                                4,
                                "2·B·H·S·d",
                                1_248,
                                List.of(new ProductShape(3, 7, 4, 4), new ProductShape(3, 6, 4, 4))),
                        new KindAccount(MatmulKind.O_PROJ, 3, 2, 2, 24, 12, "2·N·B·H·d·D", 2_304),
                        new KindAccount(MatmulKind.FFN_GATE, 3, 2, 2, 12, 20, "2·N·B·D·F", 1_920),
                        new KindAccount(MatmulKind.FFN_UP, 3, 2, 2, 12, 20, "2·N·B·D·F", 1_920),
                        new KindAccount(MatmulKind.FFN_DOWN, 3, 2, 2, 20, 12, "2·N·B·F·D", 1_920),
                        new KindAccount(MatmulKind.LM_HEAD, 1, 2, 2, 12, 11, "2·N·B·D·V", 1_056));
        assertThat(account.flops()).isEqualTo(44_256);
        assertThat(account.flopsAt(6)).isEqualTo(21_840);
        assertThat(account.flopsAt(7)).isEqualTo(22_416);
        assertThat(account.kinds().stream().map(KindAccount::leastBytes))
                .containsExactly(8_640L, 3_264L, 3_264L, 5_520L, 5_520L, 8_640L, 7_296L, 7_296L, 7_296L, 1_424L);
        assertThat(account.leastBytes()).isEqualTo(58_160);
        assertThat(account.weightsBytesRead()).isEqualTo(4 * 4_596);
        assertThat(account.cacheBytesReadAt(6)).isEqualTo(4 * 2 * 3 * 2 * 2 * 4 * 6);
        assertThat(account.cacheBytes()).isEqualTo(4 * 2 * 3 * 2 * 7 * 2 * 4);
    }

    /** 151,843,584 parameters are read by products; 24 products of 12 heads see 1,025 positions and more. */
    @Test
    void gpt2SmallAfter1024TokensDecodes32() {
        DecodeAccount account = DecodeAccount.of(Account.of(TestModels.shipped("gpt2-small"), 1, 1024), 32);

        long weights = 12 * (4 * 768 * 768 + 3 * 768 * 3072) + 50_257L * 768;
        long positions = 32 * 1024 + 32 * 33 / 2;
        assertThat(account.flops()).isEqualTo(32 * 2 * weights + 4L * 12 * 768 * positions);
        assertThat(account.weightsBytesRead()).isEqualTo(4 * weights);
        assertThat(account.cacheBytes()).isEqualTo(4L * 2 * 12 * 1056 * 768);
    }

    /** Every product of every pass, one after the other, as the pass does them. */
    @ParameterizedTest
    @MethodSource("dev.flopscope.flops.PolynomialsTest#smallModels")
    void sumsOverPositionsEqualEveryProductAddedUp(ModelConfig model) {
        for (int batch = 1; batch <= 2; batch++) {
            for (int context : new int[] {1, 4}) {
                for (int tokens : new int[] {1, 2, 7}) {
                    DecodeAccount account = DecodeAccount.of(Account.of(model, batch, context), tokens);
                    Sum all = new Sum();
                    for (int token = 1; token <= tokens; token++) {
                        Sum pass = new Sum();
                        pass.addPass(model, batch, context + token);
                        assertThat(account.flopsAt(context + token)).isEqualTo(pass.flops);
                        assertThat(account.leastBytesAt(context + token)).isEqualTo(pass.bytes);
                        all.addPass(model, batch, context + token);
                    }
                    assertThat(account.flops()).isEqualTo(all.flops);
                    assertThat(account.leastBytes()).isEqualTo(all.bytes);
                    assertThat(account.kinds().stream()
                                    .mapToLong(KindAccount::calls)
                                    .sum())
                            .isEqualTo(all.calls);
                }
            }
        }
    }

    private static final class Sum {
        private long flops;
        private long bytes;
        private long calls;

        private void addPass(ModelConfig model, int batch, int seen) {
            long d = model.headDim();
            long shared = model.numHeads() / model.numKvHeads();
            for (int layer = 0; layer < model.numLayers(); layer++) {
                add(batch, model.dModel(), model.numHeads() * d);
                add(batch, model.dModel(), model.numKvHeads() * d);
                add(batch, model.dModel(), model.numKvHeads() * d);
                for (int head = 0; head < batch * model.numKvHeads(); head++) {
                    add(shared, d, seen);
                    add(shared, seen, d);
                }
                add(batch, model.numHeads() * d, model.dModel());
                for (int product = 1; product < model.feedForward().products(); product++) {
                    add(batch, model.dModel(), model.dFf());
                }
                add(batch, model.dFf(), model.dModel());
            }
            add(batch, model.dModel(), model.vocabSize());
        }

        private void add(long m, long k, long n) {
            flops += 2 * m * k * n;
            bytes += 4 * (m * k + k * n + m * n);
            calls++;
        }
    }

    @Test
    void cacheIsThatOfAPassOverAllTokens() {
        DecodeAccount account = DecodeAccount.of(Account.of(GROUPED, 3, 10), 7);

        assertThat(account.cacheBytes())
                .isEqualTo(Account.of(GROUPED, 3, 17).memory().kvCacheBytes());
        assertThat(account.activationsBytes())
                .isEqualTo(Account.of(GROUPED, 3, 1, Attention.of(Attention.Algorithm.TILED))
                        .memory()
                        .activationsBytes());
    }

    @Test
    void tokensThatCannotBeListedAreRefused() {
        Account prefill = Account.of(GROUPED, 1, 5);
        assertThatThrownBy(() -> DecodeAccount.of(prefill, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DecodeAccount.of(prefill, DecodeAccount.MOST_TOKENS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens to decode must be from 1 to 1048576: 1048577");
    }
}
