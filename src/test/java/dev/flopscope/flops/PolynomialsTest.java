package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the closed forms are as polynomials, over every small model. */
class PolynomialsTest {
    private static final Set<MatmulKind> QUADRATIC = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);

    /** Every combination of small extents: layers, heads that share keys or not, widths, both networks. */
    static Stream<ModelConfig> smallModels() {
        List<ModelConfig> models = new ArrayList<>();
        for (int layers = 1; layers <= 2; layers++) {
            for (int heads = 1; heads <= 4; heads++) {
                for (int kvHeads = 1; kvHeads <= heads; kvHeads++) {
                    for (int headDim : new int[] {2, 6}) {
                        if (heads % kvHeads == 0) {
                            models.add(small(layers, heads, kvHeads, headDim).build());
                            models.add(small(layers, heads, kvHeads, headDim)
                                    .tied()
                                    .gelu()
                                    .build());
                        }
                    }
                }
            }
        }
        return models.stream();
    }

    private static TestModels.Builder small(int layers, int heads, int kvHeads, int headDim) {
        return TestModels.builder("L" + layers + " H" + heads + " K" + kvHeads + " d" + headDim)
                .vocab(7)
                .layers(layers)
                .dModel(5)
                .heads(heads)
                .kvHeads(kvHeads)
                .headDim(headDim)
                .dFf(3);
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void formulaOfEveryKindEqualsTwoTimesItsExtentsTimesItsCalls(ModelConfig model) {
        for (int batch = 1; batch <= 3; batch++) {
            for (int tokens = 1; tokens <= 5; tokens++) {
                assertThat(Account.of(model, batch, tokens).prefill().kinds())
                        .allSatisfy(PolynomialsTest::isTwoTimesItsExtentsTimesItsCalls);
            }
        }
    }

    private static void isTwoTimesItsExtentsTimesItsCalls(KindAccount kind) {
        ProductShape shape = kind.form().shapes().get(0);
        assertThat(kind.hasOneShape()).isTrue();
        assertThat(kind.form().flops()).isEqualTo(2 * shape.m() * shape.k() * shape.n() * shape.calls());
        assertThat(kind.flops()).isEqualTo(kind.layers() * kind.form().flops());
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void everyKindIsLinearInTheBatch(ModelConfig model) {
        List<KindAccount> one = Account.of(model, 1, 4).prefill().kinds();
        for (int batch = 2; batch <= 4; batch++) {
            assertThat(flops(Account.of(model, batch, 4).prefill().kinds())).isEqualTo(times(one, batch));
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void attentionProductsAreQuadraticInTheContextAndTheRestIsLinear(ModelConfig model) {
        List<KindAccount> one = Account.of(model, 2, 1).prefill().kinds();
        for (int tokens = 2; tokens <= 6; tokens++) {
            int factor = tokens;
            List<Long> expected = one.stream()
                    .map(kind -> kind.flops() * factor * (QUADRATIC.contains(kind.kind()) ? factor : 1))
                    .toList();
            assertThat(flops(Account.of(model, 2, tokens).prefill().kinds())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void totalIsTheSumOfAllKindsAndOfAllComponents(ModelConfig model) {
        PhaseAccount account = Account.of(model, 2, 3).prefill();

        assertThat(account.flops())
                .isEqualTo(flops(account.kinds()).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(account.components().total())
                .isEqualTo(model.numLayers() * account.blockFlops()
                        + account.components().lmHead());
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void parametersOfWeightMatricesAreHalfTheirFlopsOfOneToken(ModelConfig model) {
        Account account = Account.of(model, 1, 1);
        Components flops = account.prefill().components();
        ParameterAccount parameters = account.parameters();
        long layers = model.numLayers();

        assertThat(2 * layers * parameters.firstBlock().attention()).isEqualTo(flops.attentionProjections());
        assertThat(2 * layers * parameters.firstBlock().feedForward()).isEqualTo(flops.feedForward());
        assertThat(2 * parameters.embedding()).isEqualTo(flops.lmHead());
    }

    @Test
    void blocksAreLinearInTheLayersAndTheHeadIsThereOnce() {
        Components one = Account.of(layers(1), 2, 5).prefill().components();
        for (int layers = 2; layers <= 6; layers++) {
            Components many = Account.of(layers(layers), 2, 5).prefill().components();
            assertThat(many.blocks()).isEqualTo(layers * one.blocks());
            assertThat(many.lmHead()).isEqualTo(one.lmHead());
        }
    }

    private static ModelConfig layers(int layers) {
        return TestModels.swiglu("L" + layers, 7, layers, 8, 2, 12);
    }

    private static List<Long> flops(List<KindAccount> kinds) {
        return kinds.stream().map(KindAccount::flops).toList();
    }

    private static List<Long> times(List<KindAccount> kinds, long factor) {
        return kinds.stream().map(kind -> kind.flops() * factor).toList();
    }
}
