package dev.flopscope.audit;

import static dev.flopscope.audit.FaultyPasses.BATCH;
import static dev.flopscope.audit.FaultyPasses.TOKENS;
import static dev.flopscope.audit.FaultyPasses.also;
import static dev.flopscope.audit.FaultyPasses.both;
import static dev.flopscope.audit.FaultyPasses.leaveOut;
import static dev.flopscope.audit.FaultyPasses.repeat;
import static dev.flopscope.audit.PlantedFaultTest.assertNames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.audit.FaultyPasses.HeadMissing;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Faults in single chunks of a prompt and in single decoded tokens: they must be named in their phase, and in no other. */
class PlantedPhaseFaultTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    /** L = 2, D = 12, H = 4, K = 2, d = 6, F = 17, V = 23. */
    private static final ModelConfig MODEL = SmallModels.GROUPED;

    private static final Attention CAUSAL = new Attention(Algorithm.CAUSAL, 1, 2);

    private final FaultyPasses passes = new FaultyPasses();

    @AfterEach
    void free() {
        passes.close();
    }

    /** Chunks of two, two and one tokens, and two decoded ones. */
    private static List<Phase> chunked(LogitsRows logits) {
        return List.of(Phase.prefill(BATCH, TOKENS, 2, logits), Phase.decode(BATCH, TOKENS, 2));
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void chunksAndTokensWithoutFaultsAgree(ModelConfig model) {
        for (LogitsRows logits : LogitsRows.values()) {
            assertThat(passes.reconcile(model, chunked(logits), CAUSAL, FaultyPasses.NONE))
                    .allMatch(Reconciliation::agrees);
        }
    }

    /** In one chunk of three alone, so that most of the site's products are there; the tokens after it are sound. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void aProductLeftOutOfOneChunkIsNamedInThePromptAlone(ModelConfig model) {
        List<Reconciliation> sound = passes.reconcile(model, chunked(LogitsRows.ALL), CAUSAL, FaultyPasses.NONE);
        for (SiteCheck check : FaultyPasses.ofNoExpert(sound.get(0))) {
            List<Reconciliation> faulty = passes.reconcile(
                    model, chunked(LogitsRows.ALL), CAUSAL, passes.in(Phase.Name.PREFILL, 1, leaveOut(check.site())));

            assertNames(faulty.get(0), check.site() + ": counted ");
            assertThat(faulty.get(0).countedFlops()).isLessThan(faulty.get(0).expectedFlops());
            assertThat(faulty.get(1).agrees()).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aProductDoneTwiceForOneTokenIsNamedInDecodingAlone(ModelConfig model) {
        List<Reconciliation> sound = passes.reconcile(model, chunked(LogitsRows.LAST), CAUSAL, FaultyPasses.NONE);
        for (SiteCheck check : FaultyPasses.ofNoExpert(sound.get(1))) {
            List<Reconciliation> faulty = passes.reconcile(
                    model, chunked(LogitsRows.LAST), CAUSAL, passes.in(Phase.Name.DECODE, 1, repeat(check.site())));

            assertThat(faulty.get(0).agrees()).isTrue();
            assertNames(faulty.get(1), check.site() + ": counted ");
            assertThat(faulty.get(1).countedFlops()).isGreaterThan(faulty.get(1).expectedFlops());
        }
    }

    /** What one phase does too little and the other too much is right in the sum of both, and named in each. */
    @Test
    void errorsThatCancelBetweenPhasesAreNamedInBoth() {
        MatmulSite up = new MatmulSite(MatmulKind.FFN_UP, 1);

        List<Reconciliation> faulty = passes.reconcile(
                MODEL,
                chunked(LogitsRows.ALL),
                CAUSAL,
                both(passes.in(Phase.Name.PREFILL, 2, leaveOut(up)), passes.in(Phase.Name.DECODE, 0, repeat(up))));

        assertThat(faulty.get(0).countedFlops() + faulty.get(1).countedFlops())
                .isEqualTo(faulty.get(0).expectedFlops() + faulty.get(1).expectedFlops());
        assertNames(
                faulty.get(0),
                "layers.1.ffn_up: counted 3,264 FLOPs, expected 4,080, factor 0.8;"
                        + " products: 2 of 4×12×17; expected 1 of 2×12×17, 2 of 4×12×17");
        assertNames(
                faulty.get(1),
                "layers.1.ffn_up: counted 2,448 FLOPs, expected 1,632, factor 1.5;"
                        + " products: 3 of 2×12×17; expected 2 of 2×12×17");
    }

    /** A chunk that has no logits by {@code --logits last}, and multiplies the head all the same. */
    @Test
    void logitsThatNobodyWantsAreNamed() {
        MatmulSite down = new MatmulSite(MatmulKind.FFN_DOWN, 1);

        List<Reconciliation> faulty = passes.reconcile(
                MODEL,
                chunked(LogitsRows.LAST),
                CAUSAL,
                passes.in(Phase.Name.PREFILL, 0, also(down, () -> passes.ones(MatmulSite.lmHead(), 4, 12, 23))));

        assertNames(
                faulty.get(0),
                "lm_head: counted 3,312 FLOPs, expected 1,104, factor 3;"
                        + " products: 1 of 2×12×23, 1 of 4×12×23; expected 1 of 2×12×23");
    }

    /** Of the third chunk, which is one token, a key/value head is missing: a product with the two heads that share it. */
    @Test
    void aHeadThatOneTokenLeavesOutIsNamed() {
        List<Reconciliation> faulty = passes.reconcile(
                MODEL,
                chunked(LogitsRows.ALL),
                Attention.full(),
                passes.in(Phase.Name.PREFILL, 2, new HeadMissing(0, 3)));

        assertNames(
                faulty.get(0),
                "layers.0.attn_scores: counted 1,512 FLOPs, expected 1,632, factor 0.92647;"
                        + " products: 8 of 2×6×2, 8 of 2×6×4, 3 of 2×6×5; expected 8 of 2×6×2, 8 of 2×6×4, 4 of 2×6×5",
                "layers.0.attn_values: counted 1,512 FLOPs, expected 1,632, factor 0.92647;");
    }

    /** The last tile of causal attention of one head: right in calls and shapes of all others. */
    @Test
    void aTileThatIsLeftOutIsNamed() {
        Reconciliation faulty = passes.reconcile(
                        MODEL, List.of(Phase.prefill(BATCH, TOKENS)), CAUSAL, new HeadMissing(1, 8))
                .get(0);

        assertThat(faulty.disagreements()).hasSize(2).allMatch(line -> line.startsWith("layers.1.attn_"));
        assertThat(faulty.disagreements().get(0))
                .startsWith("layers.1.attn_scores: counted 1,620 FLOPs, expected 1,632, factor 0.99265;"
                        + " products: 7 of 1×6×1, 64 of 1×6×2; expected 8 of 1×6×1, 64 of 1×6×2");
    }

    /** A pass that forgets the window does every product that one with it does, and more; in tiles that are skipped it shows. */
    @Test
    void aForgottenWindowIsNamedInEveryLayerThatHasOne() {
        ModelConfig windowed = SmallModels.WINDOWED;
        List<Phase> phases = List.of(Phase.prefill(1, 9), Phase.decode(1, 9, 2));
        Account expected = Account.of(windowed, phases, CAUSAL);
        List<Reconciliation> forgotten = passes.reconcile(withoutWindows(windowed), phases, CAUSAL, FaultyPasses.NONE);
        for (int phase = 0; phase < phases.size(); phase++) {
            Reconciliation faulty =
                    Reconciliation.of(expected.phases().get(phase), counted(forgotten.get(phase)), List.of());
            assertNames(
                    faulty,
                    "layers.0.attn_scores: counted ",
                    "layers.0.attn_values: counted ",
                    "layers.1.attn_scores: counted ",
                    "layers.1.attn_values: counted ");
        }
    }

    private static Map<MatmulSite, SiteCount> counted(Reconciliation sound) {
        Map<MatmulSite, SiteCount> counts = new TreeMap<>();
        sound.sites().forEach(check -> counts.put(check.site(), check.counted().orElseThrow()));
        return counts;
    }

    private static ModelConfig withoutWindows(ModelConfig model) {
        return TestModels.builder("wide")
                .vocab(model.vocabSize())
                .layers(model.numLayers())
                .dModel(model.dModel())
                .heads(4)
                .kvHeads(2)
                .headDim(4)
                .dFf(9)
                .build();
    }
}
