package dev.flopscope.sweep;

import static dev.flopscope.sweep.SweepRows.CHANGED;
import static dev.flopscope.sweep.SweepRows.ELSEWHERE;
import static dev.flopscope.sweep.SweepRows.HERE;
import static dev.flopscope.sweep.SweepRows.MODEL;
import static dev.flopscope.sweep.SweepRows.measured;
import static dev.flopscope.sweep.SweepRows.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingTest {
    @Test
    void aPowerLawIsFoundExactly() {
        List<SweepRow> rows = new ArrayList<>();
        for (int context : new int[] {2048, 256, 512}) {
            double time = 3e-6 * Math.pow(context, 1.5);
            rows.add(measured(point(MODEL, context), HERE, 7L * context * context, true, time, time / 2, time * 2));
        }
        List<Scaling> scalings = Scaling.of(rows);
        assertThat(scalings).hasSize(1);
        assertThat(scalings.get(0).contexts()).containsExactly(256, 512, 2048);
        assertThat(scalings.get(0).time().value()).isCloseTo(1.5, within(1e-12));
        assertThat(scalings.get(0).time().standardError()).isCloseTo(0, within(1e-7));
        assertThat(scalings.get(0).flops().value()).isCloseTo(2, within(1e-12));
    }

    /** SciPy's {@code linregress} of the logarithms. */
    @Test
    void theStandardErrorIsThatOfAnotherImplementation() {
        Scaling.Exponent exponent =
                Scaling.Exponent.fit(List.of(256.0, 512.0, 1024.0, 2048.0), List.of(0.51, 1.10, 2.49, 5.90));
        assertThat(exponent.value()).isCloseTo(1.1775079625376546, within(1e-12));
        assertThat(exponent.standardError()).isCloseTo(0.021447417654917998, within(1e-12));
    }

    @Test
    void tilesOfAnotherSizeAreAnotherFamilyAndWholeHeadsAreOne() {
        List<SweepRow> rows = new ArrayList<>();
        for (int context : new int[] {4, 8, 16}) {
            rows.add(measured(
                    point(MODEL, context, new Attention(Algorithm.TILED, 8, 8)),
                    HERE,
                    10L * context,
                    true,
                    1.0 * context));
            rows.add(measured(
                    point(MODEL, context, new Attention(Algorithm.TILED, 4, 4)),
                    HERE,
                    10L * context,
                    true,
                    2.0 * context * context));
            rows.add(measured(point(MODEL, context, Attention.full()), HERE, 10L * context, true, 3.0));
        }
        assertThat(Scaling.of(rows))
                .extracting(scaling -> scaling.point().attentionAndTile())
                .containsExactly("tiled 8×8", "tiled 4×4", "full");
        assertThat(Scaling.of(rows).get(1).time().value()).isCloseTo(2, within(1e-12));
    }

    @Test
    void twoContextsOrThreeOnSeveralMachinesOrConfigsAreNoFamily() {
        SweepRow first = measured(point(MODEL, 256), HERE, 10, true, 1.0);
        SweepRow second = measured(point(MODEL, 512), HERE, 20, true, 2.0);
        assertThat(Scaling.of(List.of(first, second))).isEmpty();
        assertThat(Scaling.of(List.of(first, second, measured(point(MODEL, 1024), ELSEWHERE, 40, true, 4.0))))
                .isEmpty();
        assertThat(Scaling.of(List.of(first, second, measured(point(CHANGED, 1024), HERE, 40, true, 4.0))))
                .isEmpty();
        assertThat(Scaling.of(List.of(first, second, SweepRows.skipped(point(MODEL, 1024)))))
                .isEmpty();
        assertThat(Scaling.of(List.of(first, second, measured(point(MODEL, 1024), HERE, 40, true, 4.0))))
                .hasSize(1);
    }
}
