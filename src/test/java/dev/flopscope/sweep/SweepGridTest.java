package dev.flopscope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.WeightsMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SweepGridTest {
    private static SweepGrid grid(List<ModelConfig> models, List<Integer> batches, List<Integer> contexts) {
        return new SweepGrid(
                models.stream()
                        .map(model -> new ModelSource(model, Optional.empty(), List.of(), List.of()))
                        .toList(),
                List.of(2, 1),
                List.of(Attention.full(), Attention.of(Algorithm.CAUSAL)),
                batches,
                contexts,
                OptionalInt.of(3),
                OptionalInt.of(5),
                LogitsRows.LAST,
                WeightsMode.SHARED,
                -1,
                Engine.ONEDNN);
    }

    @Test
    void contextsChangeFastestAndModelsLast() {
        assertThat(grid(List.of(SmallModels.GELU, SmallModels.PLAIN), List.of(1), List.of(4, 8))
                        .points())
                .extracting(SweepPoint::describe)
                .hasSize(16)
                .startsWith(
                        "gelu, batch 1, context 4, 2 threads, full, chunk 3, decode 5, logits last",
                        "gelu, batch 1, context 8, 2 threads, full, chunk 3, decode 5, logits last",
                        "gelu, batch 1, context 4, 2 threads, causal, chunk 3, decode 5, logits last",
                        "gelu, batch 1, context 8, 2 threads, causal, chunk 3, decode 5, logits last",
                        "gelu, batch 1, context 4, 1 thread, full, chunk 3, decode 5, logits last")
                .endsWith("plain, batch 1, context 8, 1 thread, causal, chunk 3, decode 5, logits last");
    }

    @Test
    void everyCombinationComesOnceAndWithoutContextsEachModelHasItsOwn() {
        List<SweepPoint> points = grid(List.of(SmallModels.ODD, SmallModels.PLAIN), List.of(2, 2, 1), List.of())
                .points();
        assertThat(points).hasSize(2 * 2 * 2 * 2).doesNotHaveDuplicates();
        assertThat(points).extracting(SweepPoint::context).containsOnly(5, 16);
        assertThat(points).extracting(point -> point.spec().batch()).startsWith(2, 1);
        assertThat(points.get(0).spec().weights()).isEqualTo(WeightsMode.SHARED);
        assertThat(points.get(0).spec().seed()).isEqualTo(-1);
    }

    @Test
    void aModelThatNoRowCanHoldIsRefusedBeforeAnyIsMeasured() {
        SweepGrid grid = grid(List.of(SmallModels.ALTERNATING), List.of(1), List.of(4));
        assertThatThrownBy(grid::points)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alternating");
    }
}
