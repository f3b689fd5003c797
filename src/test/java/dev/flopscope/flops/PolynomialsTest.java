package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the closed forms are as polynomials, over every small model. */
class PolynomialsTest {
    private static final Set<MatmulKind> QUADRATIC = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);

    /** Every combination of small extents: layers, heads that share keys or not, widths, both networks. */
    static Stream<ModelConfig> smallModels() {
        return IntStream.rangeClosed(1, 2)
                .boxed()
                .flatMap(layers -> IntStream.rangeClosed(1, 4)
                        .boxed()
                        .flatMap(heads -> IntStream.rangeClosed(1, heads)
                                .filter(kvHeads -> heads % kvHeads == 0)
                                .boxed()
                                .flatMap(kvHeads -> Stream.of(2, 6)
                                        .flatMap(headDim -> Stream.of(FeedForward.values())
                                                .map(network -> TestModels.model(
                                                        "L" + layers + " H" + heads + " K" + kvHeads + " d" + headDim
                                                                + " " + network,
                                                        7,
                                                        layers,
                                                        5,
                                                        heads,
                                                        kvHeads,
                                                        headDim,
                                                        3,
                                                        network == FeedForward.GELU,
                                                        network))))));
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void formulaOfEveryKindEqualsTwoTimesItsExtentsTimesItsCalls(ModelConfig model) {
        for (int batch = 1; batch <= 3; batch++) {
            for (int tokens = 1; tokens <= 5; tokens++) {
                assertThat(Account.of(model, batch, tokens).kinds())
                        .allSatisfy(kind -> assertThat(kind.flopsPerLayer())
                                .isEqualTo(2 * kind.m() * kind.k() * kind.n() * kind.callsPerLayer()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void everyKindIsLinearInTheBatch(ModelConfig model) {
        List<KindAccount> one = Account.of(model, 1, 4).kinds();
        for (int batch = 2; batch <= 4; batch++) {
            assertThat(flops(Account.of(model, batch, 4).kinds())).isEqualTo(times(one, batch));
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void attentionProductsAreQuadraticInTheContextAndTheRestIsLinear(ModelConfig model) {
        List<KindAccount> one = Account.of(model, 2, 1).kinds();
        for (int tokens = 2; tokens <= 6; tokens++) {
            int factor = tokens;
            List<Long> expected = one.stream()
                    .map(kind -> kind.flops() * factor * (QUADRATIC.contains(kind.kind()) ? factor : 1))
                    .toList();
            assertThat(flops(Account.of(model, 2, tokens).kinds())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void totalIsTheSumOfAllKindsAndOfAllComponents(ModelConfig model) {
        Account account = Account.of(model, 2, 3);

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
        Components flops = account.components();
        ParameterAccount parameters = account.parameters();
        long layers = model.numLayers();

        assertThat(2 * layers * parameters.attention()).isEqualTo(flops.attentionProjections());
        assertThat(2 * layers * parameters.feedForward()).isEqualTo(flops.feedForward());
        assertThat(2 * parameters.embedding()).isEqualTo(flops.lmHead());
    }

    @Test
    void blocksAreLinearInTheLayersAndTheHeadIsThereOnce() {
        Components one = Account.of(layers(1), 2, 5).components();
        for (int layers = 2; layers <= 6; layers++) {
            Components many = Account.of(layers(layers), 2, 5).components();
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
