package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallCeilings;
import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Timeline;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Faults above the interceptor, as if the forward pass were wrong. */
class PlantedDecodingTest {
    private static final int TOKENS = 3;

    /** Passes everything on, once. */
    private static class Sound implements Products {
        private final Products counted;

        Sound(Products counted) {
            this.counted = counted;
        }

        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            counted.multiply(site, left, right, rightIs, result);
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            counted.project(site, left, weight, result);
        }
    }

    /** Does one product twice, in the pass after so many heads. */
    private static final class Twice extends Sound {
        private final int afterHeads;
        private int heads;

        Twice(Products counted, int afterHeads) {
            super(counted);
            this.afterHeads = afterHeads;
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            super.project(site, left, weight, result);
            if (site.equals(MatmulSite.lmHead())) {
                heads++;
            } else if (heads == afterHeads && site.equals(new MatmulSite(MatmulKind.FFN_UP, 1))) {
                super.project(site, left, weight, result);
            }
        }
    }

    private static Measurement planted(UnaryOperator<Products> fault) {
        Instruments usual = ProfiledModel.instruments(ProgressListener.none(), Timeline.none());
        Instruments faulty = new Instruments(
                usual.progress(),
                usual.listener(),
                usual.backend(),
                usual.ceilings(),
                usual.calibration(),
                usual.warn(),
                context -> new OtherProducts(context, fault.apply(context.products())));
        return new Measurer(faulty)
                .profile(
                        TestRuns.of(SmallModels.GROUPED)
                                .context(5)
                                .decode(TOKENS)
                                .build(),
                        Steadiness.within(0),
                        3);
    }

    /** After three prompts, the second of three decodings does one product twice: the prompts and the others agree. */
    @Test
    void aProductDoneTwiceInOneDecodingIsNamedAndDecidesTheWhole() {
        Measurement measured = planted(counted -> new Twice(counted, 3 + TOKENS));
        PhaseMeasurement decode = measured.decode().orElseThrow();
        assertThat(decode.reconciliations()).extracting(Reconciliation::agrees).containsExactly(true, false, true);
        assertThat(decode.agrees()).isFalse();
        assertThat(decode.disagreements())
                .singleElement()
                .asString()
                .startsWith(
                        "layers.1.ffn_up: counted 1,632 FLOPs, expected 1,224, factor 1.3333; products: 4 of 1×12×17;");
        assertThat(measured.prefill().agrees()).isTrue();
        assertThat(measured.agrees()).isFalse();
    }

    /** Counts and bytes add up to what they should be, and two sites of each layer are wrong. */
    @Test
    void productsUnderEachOthersNamesAreNamedThoughTheTotalIsRight() {
        PhaseMeasurement decode = planted(counted -> new Sound(counted) {
                    @Override
                    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                        super.project(
                                site.kind() == MatmulKind.K_PROJ
                                        ? new MatmulSite(MatmulKind.V_PROJ, site.layer())
                                        : site,
                                left,
                                weight,
                                result);
                    }
                })
                .decode()
                .orElseThrow();
        assertThat(decode.profile(SmallCeilings.CEILINGS).products().flops())
                .isEqualTo(decode.account().flops());
        assertThat(decode.compulsoryBytes()).isEqualTo(decode.account().compulsoryBytes());
        assertThat(decode.disagreements())
                .hasSize(4)
                .allMatch(line -> line.contains("k_proj") || line.contains("v_proj"));
    }
}
