package dev.flopscope.audit;

import static dev.flopscope.audit.FaultyPasses.BATCH;
import static dev.flopscope.audit.FaultyPasses.TOKENS;
import static dev.flopscope.audit.FaultyPasses.also;
import static dev.flopscope.audit.FaultyPasses.leaveOut;
import static dev.flopscope.audit.FaultyPasses.repeat;
import static dev.flopscope.audit.FaultyPasses.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.audit.FaultyPasses.HeadMissing;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Of passes that ask for the wrong products, the reconciliation must name the sites at fault, no others, and by what factor. */
class PlantedFaultTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    /** L = 2, D = 12, H = 4, K = 2, d = 6, F = 17, V = 23; with B = 2 and T = 5, so 8 products of heads a layer. */
    private static final ModelConfig MODEL = SmallModels.GROUPED;

    private final FaultyPasses passes = new FaultyPasses();

    @AfterEach
    void free() {
        passes.close();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aPassWithoutFaultsAgrees(ModelConfig model) {
        Reconciliation reconciliation = passes.reconcile(model, FaultyPasses.NONE);

        assertThat(reconciliation.disagreements()).isEmpty();
        assertThat(reconciliation.agrees()).isTrue();
        assertThat(reconciliation.countedFlops())
                .isEqualTo(reconciliation.expectedFlops())
                .isEqualTo(Account.of(model, BATCH, TOKENS).prefill().flops());
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aProductLeftOutIsNamedWhereverItIs(ModelConfig model) {
        for (SiteCheck sound : FaultyPasses.ofNoExpert(passes.reconcile(model, FaultyPasses.NONE))) {
            assertNames(
                    passes.reconcile(model, leaveOut(sound.site())),
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
        for (SiteCheck sound : FaultyPasses.ofNoExpert(passes.reconcile(model, FaultyPasses.NONE))) {
            Reconciliation faulty = passes.reconcile(model, repeat(sound.site()));
            assertNames(faulty, sound.site() + ": counted ");
            assertThat(faulty.disagreements().get(0)).contains(", factor 2; products: ");
        }
    }

    /** How many rows an expert gets is for the router to say; that all of its products have them is not. */
    @Test
    void aProductOfOneExpertLeftOutOrDoneTwiceIsNamedBySumAndByExpert() {
        SortedSet<MatmulSite> experts = new TreeSet<>();
        passes.reconcile(SmallModels.MIXTURE, (site, product) -> {
            experts.add(site);
            product.accept(site);
        });
        experts.removeIf(site -> site.expert() == MatmulSite.NO_EXPERT);
        assertThat(experts).hasSizeGreaterThan(3 * 3);
        for (MatmulSite site : experts) {
            String together = new MatmulSite(site.kind(), site.layer()) + ": counted ";
            String routing = "layers." + site.layer() + ".experts." + site.expert();
            Reconciliation without = passes.reconcile(SmallModels.MIXTURE, leaveOut(site));
            assertThat(without.disagreements()).first().asString().startsWith(together);
            assertThat(without.disagreements())
                    .anySatisfy(line -> assertThat(line).startsWith(routing));
            Reconciliation twice = passes.reconcile(SmallModels.MIXTURE, repeat(site));
            assertThat(twice.disagreements()).first().asString().startsWith(together);
            assertThat(twice.disagreements())
                    .anySatisfy(line -> assertThat(line).startsWith(routing));
        }
    }

    @Test
    void anOuterExtentOfAnotherSizeIsNamedWithItsFactor() {
        MatmulSite site = new MatmulSite(MatmulKind.Q_PROJ, 1);

        Reconciliation faulty = passes.reconcile(MODEL, with(site, () -> passes.ones(site, 5, 12, 24)));

        assertNames(
                faulty,
                "layers.1.q_proj: counted 2,880 FLOPs, expected 5,760, factor 0.5;"
                        + " products: 1 of 5×12×24; expected 1 of 10×12×24");
    }

    /** The FLOPs and the number of products are right; only the shape tells. */
    @Test
    void swappedExtentsAreNamedThoughTheFlopsAreRight() {
        MatmulSite site = new MatmulSite(MatmulKind.FFN_DOWN, 0);

        Reconciliation faulty = passes.reconcile(MODEL, with(site, () -> passes.ones(site, 10, 12, 17)));

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

        Reconciliation faulty = passes.reconcile(MODEL, with(site, () -> {
            passes.ones(site, 5, 24, 12);
            passes.ones(site, 5, 24, 12);
        }));

        assertThat(faulty.countedFlops()).isEqualTo(faulty.expectedFlops());
        assertNames(faulty, "layers.0.o_proj: counted 5,760 FLOPs, expected 5,760, factor 1; products: 2 of 5×24×12;");
    }

    @Test
    void aMissingHeadIsNamedInBothProducts() {
        Reconciliation faulty = passes.reconcile(MODEL, new HeadMissing(1, 4 + 2));

        assertNames(
                faulty,
                "layers.1.attn_scores: counted 2,100 FLOPs, expected 2,400, factor 0.875;"
                        + " products: 7 of 5×6×5; expected 8 of 5×6×5",
                "layers.1.attn_values: counted 2,100 FLOPs, expected 2,400, factor 0.875;"
                        + " products: 7 of 5×5×6; expected 8 of 5×5×6");
    }

    @Test
    void aSkippedGateIsNamedInEveryLayer() {
        Reconciliation faulty = passes.reconcile(MODEL, (site, product) -> {
            if (site.kind() != MatmulKind.FFN_GATE) {
                product.accept(site);
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

        Reconciliation faulty = passes.reconcile(MODEL, also(MatmulSite.lmHead(), () -> passes.ones(extra, 2, 3, 4)));

        assertNames(
                faulty,
                "layers.2.o_proj: counted 48 FLOPs, expected 0, a product that this model does not have;"
                        + " products: 1 of 2×3×4; expected none");
    }

    @Test
    void aGateInAModelWithoutOneIsNamed() {
        MatmulSite gate = new MatmulSite(MatmulKind.FFN_GATE, 0);
        MatmulSite up = new MatmulSite(MatmulKind.FFN_UP, 0);

        Reconciliation faulty = passes.reconcile(SmallModels.GELU, also(up, () -> passes.ones(gate, 10, 10, 15)));

        assertNames(
                faulty,
                "layers.0.ffn_gate: counted 3,000 FLOPs, expected 0, a product that this model does not have;"
                        + " products: 1 of 10×10×15; expected none");
    }

    @Test
    void aProductUnderAnotherSitesNameIsNamedAtBoth() {
        MatmulSite keys = new MatmulSite(MatmulKind.K_PROJ, 0);
        MatmulSite values = new MatmulSite(MatmulKind.V_PROJ, 0);

        Reconciliation faulty =
                passes.reconcile(MODEL, (site, product) -> product.accept(site.equals(keys) ? values : site));

        assertCancelling(faulty);
    }

    /** The case for which there are sites at all: the total is right to the last FLOP. */
    @Test
    void errorsThatCancelInTheTotalAreNamedAtBothSites() {
        MatmulSite keys = new MatmulSite(MatmulKind.K_PROJ, 0);
        MatmulSite values = new MatmulSite(MatmulKind.V_PROJ, 0);

        assertCancelling(passes.reconcile(MODEL, FaultyPasses.both(leaveOut(keys), repeat(values))));
    }

    private static void assertCancelling(Reconciliation faulty) {
        assertThat(faulty.countedFlops()).isEqualTo(faulty.expectedFlops());
        assertNames(
                faulty,
                "layers.0.k_proj: counted 0 FLOPs, expected 2,880, factor 0; products: none; expected 1 of 10×12×12",
                "layers.0.v_proj: counted 5,760 FLOPs, expected 2,880, factor 2;"
                        + " products: 2 of 10×12×12; expected 1 of 10×12×12");
    }

    /** Exactly these lines, each from its beginning. */
    static void assertNames(Reconciliation faulty, String... lines) {
        assertThat(faulty.agrees()).isFalse();
        assertThat(faulty.disagreements()).hasSameSizeAs(lines);
        for (int line = 0; line < lines.length; line++) {
            assertThat(faulty.disagreements().get(line)).startsWith(lines[line]);
        }
    }
}
