package dev.flopscope.sweep;

import static dev.flopscope.sweep.SweepRows.MODEL;
import static dev.flopscope.sweep.SweepRows.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SweepPointTest {
    /** Cut off, two sizes would be one row at a short context and two at a long one. */
    @Test
    void aTileIsTheOneAskedForWhateverTheContext() {
        SweepPoint point = point(MODEL, 4, new Attention(Algorithm.CAUSAL, 64, 3));
        assertThat(point.queryTile()).isEqualTo(64);
        assertThat(point.keyTile()).isEqualTo(3);
        assertThat(point).isNotEqualTo(point(MODEL, 4, new Attention(Algorithm.CAUSAL, 32, 3)));
        assertThat(point.describe()).endsWith(", 2 threads, causal 64×3");
    }

    @Test
    void aTileOfTheUsualSizeNeedsNoWords() {
        assertThat(point(MODEL, 4, Attention.of(Algorithm.TILED)).describe()).endsWith(", tiled");
        assertThat(point(MODEL, 400, Attention.of(Algorithm.CAUSAL)).describe()).endsWith(", causal");
    }

    @Test
    void wholeHeadsAreAsLargeAsTheContext() {
        SweepPoint point = point(MODEL, 4, new Attention(Algorithm.FULL, 2, 2));
        assertThat(point.queryTile()).isEqualTo(4);
        assertThat(point.describe()).endsWith(", full");
        assertThat(point.spec().attention()).isEqualTo(Attention.full());
    }

    @Test
    void aContextThatIsNotGivenIsTheModelsOwn() {
        RunSpec run = TestModels.run(MODEL, 1, OptionalInt.empty(), WeightsMode.FULL, new Prompt.Seeded());
        assertThat(new SweepPoint(run).spec().context()).hasValue(MODEL.contextLength());
        assertThat(new SweepPoint(run).describe()).isEqualTo("m, batch 1, context 1024, 1 thread, full");
    }

    @Test
    void onlySeededPromptsCanBeRebuiltFromARow() {
        RunSpec run = TestModels.run(
                MODEL, 1, OptionalInt.empty(), WeightsMode.FULL, new Prompt.Ids(List.of(1L), "--tokens"));
        assertThatThrownBy(() -> new SweepPoint(run)).isInstanceOf(IllegalArgumentException.class);
    }
}
