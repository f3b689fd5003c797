package dev.flopscope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SweepPointTest {
    private static SweepPoint point(int context, Attention attention) {
        return SweepPoint.of(new RunSpec(
                SmallModels.PLAIN,
                1,
                OptionalInt.of(context),
                2,
                1,
                WeightsMode.FULL,
                attention,
                Engine.OPENBLAS,
                new Prompt.Seeded()));
    }

    /** Cut off, two sizes would be one row at a short context and two at a long one. */
    @Test
    void aTileIsTheOneAskedForWhateverTheContext() {
        SweepPoint point = point(4, new Attention(Algorithm.CAUSAL, 64, 3));
        assertThat(point.queryTile()).isEqualTo(64);
        assertThat(point.keyTile()).isEqualTo(3);
        assertThat(point).isNotEqualTo(point(4, new Attention(Algorithm.CAUSAL, 32, 3)));
        assertThat(point.describe()).endsWith(", 2 threads, causal 64×3");
    }

    @Test
    void aTileOfTheUsualSizeNeedsNoWords() {
        assertThat(point(4, Attention.of(Algorithm.TILED)).describe()).endsWith(", tiled");
        assertThat(point(400, Attention.of(Algorithm.CAUSAL)).describe()).endsWith(", causal");
    }

    @Test
    void wholeHeadsAreAsLargeAsTheContext() {
        SweepPoint point = point(4, Attention.full());
        assertThat(point.queryTile()).isEqualTo(4);
        assertThat(point.describe()).endsWith(", full");
    }
}
