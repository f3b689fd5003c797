package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.audit.FormCheck;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.polynomial.Recovery.NotPolynomial;
import dev.flopscope.polynomial.Recovery.Recovered;
import dev.flopscope.time.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FitterTest {
    private static final OptionalInt NOTHING_DECODED = OptionalInt.empty();

    @Test
    void tenFormulasOfAModelAreRecoveredFromCountsAlone() {
        FitResult fit = fit("gpt2-small", NOTHING_DECODED, Algorithm.TILED);

        assertThat(formulas(fit))
                .containsExactly(
                        Map.entry("prefill q_proj", "2·B·T·L·D·H·d"),
                        Map.entry("prefill k_proj", "2·B·T·L·D·K·d"),
                        Map.entry("prefill v_proj", "2·B·T·L·D·K·d"),
                        Map.entry("prefill attn_scores", "2·B·T²·L·H·d"),
                        Map.entry("prefill attn_values", "2·B·T²·L·H·d"),
                        Map.entry("prefill o_proj", "2·B·T·L·D·H·d"),
                        Map.entry("prefill ffn_gate", "2·B·T·L·D·F"),
                        Map.entry("prefill ffn_up", "2·B·T·L·D·F"),
                        Map.entry("prefill ffn_down", "2·B·T·L·D·F"),
                        Map.entry("prefill lm_head", "2·B·T·D·V"));
        assertThat(fit.agrees()).isTrue();
        assertThat(fit.checks()).allMatch(FormCheck::agrees);
    }

    @Test
    void formulasOfExpertsOfLatentAttentionAndOfDecodingAreRecovered() {
        FitResult fit = fit("deepseek-v3", OptionalInt.of(3), Algorithm.FULL);

        assertThat(fit.blocks()).hasSize(2);
        assertThat(formulas(fit))
                .contains(
                        Map.entry("prefill router", "2·B·T·L·D·E"),
                        Map.entry("prefill ffn_down", "2·k·B·T·L·D·F"),
                        Map.entry("prefill shared_up", "2·B·T·L·D·F_s"),
                        Map.entry("prefill kv_up_proj", "2·B·T·L·R·H·(d − d_r + d_v)"),
                        Map.entry("decode attn_values", "B·G·L·H·d_v·(G + 2·T + 1)"),
                        Map.entry("decode q_down_proj", "2·B·G·L·D·R_q"));
        assertThat(fit.checks()).allMatch(FormCheck::agrees);
    }

    @Test
    void countsOfTilesAreNoPolynomialAndTheReportSaysWhere() {
        FitResult fit = fit("gpt2-small", NOTHING_DECODED, Algorithm.CAUSAL);

        assertThat(fit.checks().stream().filter(check -> !check.agrees()).map(FormCheck::kind))
                .containsExactly(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
        assertThat(fit.checks().stream()
                        .filter(FormCheck::isNoPolynomial)
                        .map(check -> ((NotPolynomial) check.found()).reason()))
                .allMatch(reason -> reason.startsWith("at T "));
        assertThat(fit.agrees()).isTrue();
    }

    @Test
    void windowBendsTheCountsOfDecodingAndOfNothingElse() {
        FitResult fit = fit("mistral-7b", OptionalInt.of(2), Algorithm.TILED);

        assertThat(phases(fit).stream()
                        .flatMap(phase -> phase.checks().stream()
                                .filter(check -> !check.agrees())
                                .map(check -> name(phase, check))))
                .containsExactly("decode attn_scores", "decode attn_values");
        assertThat(fit.checks()).allMatch(check -> check.agrees() || check.found() instanceof NotPolynomial);
    }

    /** The interceptor is not fooled by a product that runs twice; the recovered formula shows what ran. */
    @Test
    void productThatRunsTwiceShowsInItsFormulaAlone() {
        ModelConfig model = new ModelCatalog().find("gpt2-small");
        Instruments doubling = new Instruments(
                ProgressListener.none(),
                Timeline.none(),
                spec -> CpuBackend.start(spec.engine(), spec.threads()),
                spec -> {
                    throw new IllegalStateException("a fit measures no ceilings");
                },
                (backend, memory) -> () -> 0,
                line -> {},
                context -> new OtherProducts(context, new Doubled(context.products())));

        FitResult fit = new Fitter(doubling, ProgressListener.none(), Engine.OPENBLAS, 1)
                .fit(model, 8, NOTHING_DECODED, Algorithm.FULL);

        assertThat(formulas(fit)).contains(Map.entry("prefill o_proj", "4·B·T·L·D·H·d"));
        assertThat(fit.checks().stream().filter(check -> !check.agrees()).map(FormCheck::kind))
                .containsExactly(MatmulKind.O_PROJ);
        assertThat(fit.agrees()).isFalse();
    }

    /** Projects twice for the output of attention. */
    private record Doubled(Products products) implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            products.multiply(site, left, right, rightIs, result);
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            products.project(site, left, weight, result);
            if (site.kind() == MatmulKind.O_PROJ) {
                products.project(site, left, weight, result);
            }
        }
    }

    private static FitResult fit(String model, OptionalInt decode, Algorithm attention) {
        return new Fitter(ProgressListener.none(), Hardware.bestEngine(), 1)
                .fit(new ModelCatalog().find(model), 64, decode, attention);
    }

    private static List<Map.Entry<String, String>> formulas(FitResult fit) {
        Map<String, String> formulas = new LinkedHashMap<>();
        phases(fit)
                .forEach(phase -> phase.checks()
                        .forEach(check -> formulas.put(
                                name(phase, check),
                                check.found() instanceof Recovered recovered
                                        ? recovered.polynomial().factored()
                                        : "none")));
        return List.copyOf(formulas.entrySet());
    }

    private static List<PhaseFit> phases(FitResult fit) {
        return fit.blocks().stream().flatMap(block -> block.phases().stream()).toList();
    }

    private static String name(PhaseFit phase, FormCheck check) {
        return phase.phase().label() + " " + check.kind().label();
    }
}
