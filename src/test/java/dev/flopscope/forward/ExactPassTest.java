package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backends;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The forward pass on a backend in float64. It agrees with the reference to float64's own roundings, which no bound of float32
 * hides: nothing above the boundary is wrong by more, and nothing above it needs another backend's memory or threads.
 */
class ExactPassTest {
    /** Heads of one width whose frequencies differ, which alone must keep their angles apart. */
    private static final ModelConfig FREQUENCIES = TestModels.builder("frequencies")
            .headDim(4)
            .block(block -> block.theta(40))
            .block(block -> block)
            .block(block -> block.theta(40))
            .build();

    static final List<ModelConfig> MODELS = Stream.of(SmallModels.ALL, SmallModels.NORMS_BEHIND, List.of(FREQUENCIES))
            .flatMap(List::stream)
            .toList();

    private static final double ROUNDINGS = 1e-12;
    private static final Backends.Kind LOOPS = new Backends.Kind("loops", 1, ArrayBackend::new);

    @ParameterizedTest
    @FieldSource("MODELS")
    void everyPhaseAgreesWithTheReferenceToTheLastDigits(ModelConfig model) {
        int[] ids = SmallPass.ids(model, 2, 14);
        double[][] expected = SmallPass.witness(model, 2, 14).forward(ids).values;
        for (Attention attention : List.of(
                Attention.full(), new Attention(Algorithm.TILED, 3, 4), new Attention(Algorithm.CAUSAL, 2, 5))) {
            for (int chunk : new int[] {1, 3, 5, 11}) {
                List<Phase> phases = List.of(Phase.prefill(2, 11, chunk, LogitsRows.ALL), Phase.decode(2, 11, 3));
                try (SmallPass pass = SmallPass.start(model, LOOPS)) {
                    Transformer transformer = pass.transformer(attention, phases);
                    for (Phase phase : phases) {
                        assertAgrees(pass.logits(transformer, phase, ids, pass.unobserved()), phase, expected);
                    }
                }
            }
        }
    }

    private static void assertAgrees(double[][] logits, Phase phase, double[][] expected) {
        for (int row = 0; row < logits.length; row++) {
            int of = row / phase.tokens() * 14 + phase.past() + row % phase.tokens();
            for (int column = 0; column < logits[row].length; column++) {
                assertThat(Math.abs(logits[row][column] - expected[of][column]))
                        .as("%s, row %d, column %d", phase, row, column)
                        .isLessThan(ROUNDINGS * Math.max(1, Math.abs(expected[of][column])));
            }
        }
    }
}
