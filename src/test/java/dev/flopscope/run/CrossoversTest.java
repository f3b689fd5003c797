package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.TestRuns;
import dev.flopscope.audit.SiteCheck;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Crossovers;
import dev.flopscope.time.Timeline;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CrossoversTest {
    private static final Set<MatmulKind> ATTENTION = EnumSet.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
    private static final Set<MatmulKind> FEED_FORWARD =
            EnumSet.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);

    private static Crossovers of(ModelConfig model, int percent) {
        return Crossovers.of(Account.of(model, 1, 1), percent).orElseThrow();
    }

    /**
     * A token of gpt2-small costs 2·12·3·768·3072 = 169,869,312 in the feed-forward network, 8·12·768² = 56,623,104 in
     * projections and 2·768·50,257 = 77,194,752 in the head; attention costs 4·12·768 = 36,864 for each pair of tokens. At
     * 4,608 tokens the first is as much as attention's. The head has 5 % where 5·36,864·T = 100·77,194,752 − 5·303,687,168, at
     * 33,642.8.
     */
    @Test
    void thoseOfGpt2SmallAreWorkedOutByHand() {
        assertThat(of(TestModels.shipped("gpt2-small"), 5)).isEqualTo(new Crossovers(4_609, 5, 33_643));
    }

    @Test
    void aHeadThatIsSmallAtOnceIsBelowFromTheFirstToken() {
        assertThat(of(TestModels.shipped("gpt2-xl"), 50).headBelow()).isEqualTo(1);
    }

    /** Executed on both sides: before the context there is no crossover, at it there is. */
    @ParameterizedTest
    @ValueSource(ints = {3, 20, 60})
    void whatIsCountedChangesPlacesJustThere(int percent) {
        ModelConfig model = TestModels.swiglu("m", 61, 2, 16, 4, 40);
        Crossovers crossovers = of(model, percent);
        assertThat(crossovers.attentionOverFeedForward()).isBetween(2L, 500L);
        int over = (int) crossovers.attentionOverFeedForward();
        assertThat(counted(model, over, ATTENTION)).isGreaterThan(counted(model, over, FEED_FORWARD));
        assertThat(counted(model, over - 1, ATTENTION)).isLessThanOrEqualTo(counted(model, over - 1, FEED_FORWARD));

        int below = (int) crossovers.headBelow();
        assertThat(headPercent(model, below)).isLessThan(percent);
        if (below > 1) {
            assertThat(headPercent(model, below - 1)).isGreaterThanOrEqualTo(percent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-xl", "llama-3-8b", "mistral-7b", "mixtral-8x7b", "deepseek-v3", "gpt-oss-20b"})
    void closedFormsOfOtherModelsChangePlacesJustThere(String name) {
        ModelConfig model = new ModelCatalog().find(name);
        Crossovers crossovers = of(model, 2);
        for (int beyond : new int[] {0, 1}) {
            int context = Math.toIntExact(crossovers.attentionOverFeedForward() - 1 + beyond);
            var components = Account.of(model, 3, context).prefill().components();
            assertThat(components.attentionProducts() > components.feedForward())
                    .isEqualTo(beyond == 1);
            int headContext = Math.toIntExact(crossovers.headBelow() - 1 + beyond);
            if (headContext > 0) {
                var shares = Account.of(model, 3, headContext).prefill().components();
                assertThat(50 * shares.lmHead() < shares.total()).isEqualTo(beyond == 1);
            }
        }
    }

    @Test
    void thereAreNoneWhereACostIsNotSoSimple() {
        ModelConfig model = TestModels.shipped("gpt2-small");
        Account causal = Account.of(model, List.of(Phase.prefill(1, 64)), Attention.of(Algorithm.CAUSAL));
        Account chunks = Account.of(model, List.of(Phase.prefill(1, 64, 16, LogitsRows.ALL)), Attention.full());
        Account last = Account.of(model, List.of(Phase.prefill(1, 64, 64, LogitsRows.LAST)), Attention.full());
        assertThat(List.of(causal, chunks, last))
                .allSatisfy(account -> assertThat(Crossovers.of(account, 5)).isEmpty());
        for (int wrong : new int[] {0, 100}) {
            assertThatThrownBy(() -> Crossovers.of(last, wrong))
                    .hasMessage("a share must be from 1 to 99 percent: " + wrong);
        }
    }

    private static double headPercent(ModelConfig model, int context) {
        return 100.0
                * counted(model, context, EnumSet.of(MatmulKind.LM_HEAD))
                / counted(model, context, EnumSet.allOf(MatmulKind.class));
    }

    private static long counted(ModelConfig model, int context, Set<MatmulKind> kinds) {
        return new Measurer(ProgressListener.none(), Timeline.none())
                .run(TestRuns.of(model).context(context).build()).prefill().reconciliation().sites().stream()
                        .filter(check -> kinds.contains(check.site().kind()))
                        .mapToLong(SiteCheck::countedFlops)
                        .sum();
    }
}
