package dev.flopscope.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes that ask for the wrong products. Each fault sits above the interceptor, as if the transformer were wrong, and the
 * reconciliation must name the sites it touched, no others, and by what factor.
 */
class PlantedFaultTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    /** L = 2, D = 12, H = 4, K = 2, d = 6, F = 17, V = 23; with B = 2 and T = 5, so 8 products of heads a layer. */
    private static final ModelConfig MODEL = SmallModels.GROUPED;

    private static final int BATCH = 2;
    private static final int TOKENS = 5;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(1);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aPassWithoutFaultsAgrees(ModelConfig model) {
        Reconciliation reconciliation = reconcile(model, UnaryOperator.identity());

        assertThat(reconciliation.disagreements()).isEmpty();
        assertThat(reconciliation.agrees()).isTrue();
        assertThat(reconciliation.countedFlops())
                .isEqualTo(reconciliation.expectedFlops())
                .isEqualTo(Account.of(model, BATCH, TOKENS).flops());
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aProductLeftOutIsNamedWhereverItIs(ModelConfig model) {
        for (SiteCheck sound : reconcile(model, UnaryOperator.identity()).sites()) {
            assertNames(
                    reconcile(model, counted -> leaveOut(counted, sound.site())),
                    String.format(
                            Locale.ROOT,
                            "%s: counted 0 FLOPs, expected %,d, factor 0; products: none; expected %s",
                            sound.site(),
                            sound.expectedFlops(),
                            sound.counted().orElseThrow().describe()));
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aProductDoneTwiceIsNamedWhereverItIs(ModelConfig model) {
        for (SiteCheck sound : reconcile(model, UnaryOperator.identity()).sites()) {
            Reconciliation faulty = reconcile(model, counted -> repeat(counted, sound.site()));
            assertNames(faulty, sound.site() + ": counted ");
            assertThat(faulty.disagreements().get(0)).contains(", factor 2; products: ");
        }
    }

    @Test
    void anOuterExtentOfAnotherSizeIsNamedWithItsFactor() {
        MatmulSite site = new MatmulSite(MatmulKind.Q_PROJ, 1);

        Reconciliation faulty = reconcile(MODEL, counted -> with(counted, site, () -> ones(counted, site, 5, 12, 24)));

        assertNames(
                faulty,
                "layers.1.q_proj: counted 2,880 FLOPs, expected 5,760, factor 0.5;"
                        + " products: 1 of 5×12×24; expected 1 of 10×12×24");
    }

    /** The FLOPs and the number of products are right; only the shape tells. */
    @Test
    void swappedExtentsAreNamedThoughTheFlopsAreRight() {
        MatmulSite site = new MatmulSite(MatmulKind.FFN_DOWN, 0);

        Reconciliation faulty = reconcile(MODEL, counted -> with(counted, site, () -> ones(counted, site, 10, 12, 17)));

        assertThat(faulty.countedFlops()).isEqualTo(faulty.expectedFlops());
        assertNames(
                faulty,
                "layers.0.ffn_down: counted 4,080 FLOPs, expected 4,080, factor 1;"
                        + " products: 1 of 10×12×17; expected 1 of 10×17×12");
    }

    /** FLOPs are right and every shape is the expected one or adds up to it: two halves for a whole. */
    @Test
    void oneProductInTwoHalvesIsNamedThoughTheFlopsAreRight() {
        MatmulSite site = new MatmulSite(MatmulKind.O_PROJ, 0);

        Reconciliation faulty = reconcile(
                MODEL,
                counted -> with(counted, site, () -> {
                    ones(counted, site, 5, 24, 12);
                    ones(counted, site, 5, 24, 12);
                }));

        assertThat(faulty.countedFlops()).isEqualTo(faulty.expectedFlops());
        assertNames(faulty, "layers.0.o_proj: counted 5,760 FLOPs, expected 5,760, factor 1; products: 2 of 5×24×12;");
    }

    @Test
    void aMissingHeadIsNamedInBothProducts() {
        Reconciliation faulty = reconcile(MODEL, HeadMissing::new);

        assertNames(
                faulty,
                "layers.1.attn_scores: counted 2,100 FLOPs, expected 2,400, factor 0.875;"
                        + " products: 7 of 5×6×5; expected 8 of 5×6×5",
                "layers.1.attn_values: counted 2,100 FLOPs, expected 2,400, factor 0.875;"
                        + " products: 7 of 5×5×6; expected 8 of 5×5×6");
    }

    /** Leaves out the third head of the second sequence in layer 1. */
    private static final class HeadMissing implements Matmul {
        private static final int MISSING = 4 + 2;

        private final Matmul counted;
        private int scores;
        private int values;

        HeadMissing(Matmul counted) {
            this.counted = counted;
        }

        @Override
        public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
            boolean leftOut = false;
            if (site.equals(new MatmulSite(MatmulKind.ATTN_SCORES, 1))) {
                leftOut = scores++ == MISSING;
            } else if (site.equals(new MatmulSite(MatmulKind.ATTN_VALUES, 1))) {
                leftOut = values++ == MISSING;
            }
            if (!leftOut) {
                counted.multiply(site, left, right, rightIs, result);
            }
        }
    }

    @Test
    void aSkippedGateIsNamedInEveryLayer() {
        Reconciliation faulty = reconcile(MODEL, counted -> (site, left, right, rightIs, result) -> {
            if (site.kind() != MatmulKind.FFN_GATE) {
                counted.multiply(site, left, right, rightIs, result);
            }
        });

        assertNames(
                faulty,
                "layers.0.ffn_gate: counted 0 FLOPs, expected 4,080, factor 0; products: none; expected 1 of 10×12×17",
                "layers.1.ffn_gate: counted 0 FLOPs, expected 4,080, factor 0; products: none; expected 1 of 10×12×17");
    }

    @Test
    void aProductInALayerThatTheModelLacksIsNamed() {
        MatmulSite extra = new MatmulSite(MatmulKind.O_PROJ, 2);

        Reconciliation faulty =
                reconcile(MODEL, counted -> also(counted, MatmulSite.lmHead(), () -> ones(counted, extra, 2, 3, 4)));

        assertNames(
                faulty,
                "layers.2.o_proj: counted 48 FLOPs, expected 0, a product that this model does not have;"
                        + " products: 1 of 2×3×4; expected none");
    }

    @Test
    void aGateInAModelWithoutOneIsNamed() {
        MatmulSite gate = new MatmulSite(MatmulKind.FFN_GATE, 0);
        MatmulSite up = new MatmulSite(MatmulKind.FFN_UP, 0);

        Reconciliation faulty =
                reconcile(SmallModels.GELU, counted -> also(counted, up, () -> ones(counted, gate, 10, 10, 15)));

        assertNames(
                faulty,
                "layers.0.ffn_gate: counted 3,000 FLOPs, expected 0, a product that this model does not have;"
                        + " products: 1 of 10×10×15; expected none");
    }

    @Test
    void aProductUnderAnotherSitesNameIsNamedAtBoth() {
        MatmulSite keys = new MatmulSite(MatmulKind.K_PROJ, 0);
        MatmulSite values = new MatmulSite(MatmulKind.V_PROJ, 0);

        Reconciliation faulty = reconcile(
                MODEL,
                counted -> (site, left, right, rightIs, result) ->
                        counted.multiply(site.equals(keys) ? values : site, left, right, rightIs, result));

        assertCancelling(faulty);
    }

    /** The case for which there are sites at all: the total is right to the last FLOP. */
    @Test
    void errorsThatCancelInTheTotalAreNamedAtBothSites() {
        MatmulSite keys = new MatmulSite(MatmulKind.K_PROJ, 0);
        MatmulSite values = new MatmulSite(MatmulKind.V_PROJ, 0);

        assertCancelling(reconcile(MODEL, counted -> repeat(leaveOut(counted, keys), values)));
    }

    private static void assertCancelling(Reconciliation faulty) {
        assertThat(faulty.countedFlops()).isEqualTo(faulty.expectedFlops());
        assertNames(
                faulty,
                "layers.0.k_proj: counted 0 FLOPs, expected 2,880, factor 0; products: none; expected 1 of 10×12×12",
                "layers.0.v_proj: counted 5,760 FLOPs, expected 2,880, factor 2;"
                        + " products: 2 of 10×12×12; expected 1 of 10×12×12");
    }

    private Reconciliation reconcile(ModelConfig model, UnaryOperator<Matmul> fault) {
        FlopTally tally = new FlopTally();
        try (PreparedModel prepared =
                PreparedModel.prepare(model, WeightsMode.FULL, 1, 1, Engine.OPENBLAS, done -> {})) {
            Matmul counted = new CountingMatmul(new Nd4jMatmul(), tally);
            prepared.transformer(BATCH, TOKENS, Attention.full(), fault.apply(counted))
                    .forward(new int[BATCH * TOKENS], done -> {});
        }
        return Reconciliation.of(Account.of(model, BATCH, TOKENS), tally.snapshot(), List.of());
    }

    private static Matmul leaveOut(Matmul counted, MatmulSite where) {
        return with(counted, where, () -> {});
    }

    private static Matmul repeat(Matmul counted, MatmulSite where) {
        return (site, left, right, rightIs, result) -> {
            counted.multiply(site, left, right, rightIs, result);
            if (site.equals(where)) {
                counted.multiply(site, left, right, rightIs, result);
            }
        };
    }

    /** Does {@code instead} at one site. */
    private static Matmul with(Matmul counted, MatmulSite where, Runnable instead) {
        return (site, left, right, rightIs, result) -> {
            if (site.equals(where)) {
                instead.run();
            } else {
                counted.multiply(site, left, right, rightIs, result);
            }
        };
    }

    /** Does {@code also} after the product at one site. */
    private static Matmul also(Matmul counted, MatmulSite where, Runnable also) {
        return (site, left, right, rightIs, result) -> {
            counted.multiply(site, left, right, rightIs, result);
            if (site.equals(where)) {
                also.run();
            }
        };
    }

    /** An (m×k)·(k×n) product of ones at {@code site}. */
    private void ones(Matmul counted, MatmulSite site, int m, int k, int n) {
        counted.multiply(
                site,
                Matrices.filled(memory, m, k, 1).array(),
                Matrices.filled(memory, k, n, 1).array(),
                Right.AS_IS,
                Matrices.filled(memory, m, n, 0).array());
    }

    /** Exactly these lines, each from its beginning. */
    private static void assertNames(Reconciliation faulty, String... lines) {
        assertThat(faulty.agrees()).isFalse();
        assertThat(faulty.disagreements()).hasSameSizeAs(lines);
        for (int line = 0; line < lines.length; line++) {
            assertThat(faulty.disagreements().get(line)).startsWith(lines[line]);
        }
    }
}
