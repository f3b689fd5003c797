package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.time.TimeTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransformerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    static Stream<Arguments> passes() {
        List<Arguments> passes = new ArrayList<>();
        for (ModelConfig model : MODELS) {
            for (int batch : new int[] {1, 3}) {
                for (int tokens : new int[] {1, 2, 7, 33}) {
                    for (int threads = 1; threads <= 3; threads++) {
                        passes.add(Arguments.of(model, batch, tokens, threads));
                    }
                }
            }
        }
        return passes.stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void logitsAndCountsAreThoseOfTheFloat64Reference(ModelConfig model, int batch, int tokens, int threads) {
        FlopTally tally = new FlopTally();
        int[] ids = Pass.ids(model, batch, tokens);
        try (PreparedModel prepared = Pass.prepare(model, threads)) {
            ReferenceTransformer reference = new ReferenceTransformer(model, prepared.weights(), batch, tokens);
            BoundedMatrix expected = reference.forward(ids);

            double[][] logits = Matrices.values(
                    Pass.logits(prepared, batch, tokens, ids, new CountingMatmul(new Nd4jMatmul(), tally)));

            assertWithin(logits, expected);
            assertThat(flops(tally)).isEqualTo(doubled(reference.multiplyAdds()));
        }
    }

    private static void assertWithin(double[][] logits, BoundedMatrix expected) {
        double largest = 0;
        double loosest = 0;
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                double value = expected.values[row][column];
                double error = expected.errors[row][column];
                assertThat(logits[row][column])
                        .as("row %d, column %d", row, column)
                        .isCloseTo(value, within(error));
                largest = Math.max(largest, Math.abs(value));
                loosest = Math.max(loosest, error);
            }
        }
        assertThat(loosest).as("a bound that everything meets says nothing").isLessThan(largest / 1000);
    }

    private static Map<String, Long> flops(FlopTally tally) {
        Map<String, Long> flops = new TreeMap<>();
        tally.snapshot().forEach((site, count) -> flops.put(site.toString(), count.flops()));
        return flops;
    }

    private static Map<String, Long> doubled(Map<String, Long> multiplyAdds) {
        Map<String, Long> flops = new TreeMap<>();
        multiplyAdds.forEach((site, count) -> flops.put(site, 2 * count));
        return flops;
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aTokenChangesNothingBeforeIt(ModelConfig model) {
        int batch = 2;
        int tokens = 9;
        int[] ids = Pass.ids(model, batch, tokens);
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            int[][] before = bits(prepared, batch, tokens, ids, new Nd4jMatmul());
            for (int changed = 0; changed < tokens; changed++) {
                int[] others = ids.clone();
                others[changed] = (ids[changed] + 1) % model.vocabSize();
                int[][] after = bits(prepared, batch, tokens, others, new Nd4jMatmul());
                for (int row = 0; row < batch * tokens; row++) {
                    boolean mayChange = row >= changed && row < tokens; // the second sequence is on its own
                    if (mayChange) {
                        assertThat(after[row])
                                .as("row %d, changed %d", row, changed)
                                .isNotEqualTo(before[row]);
                    } else {
                        assertThat(after[row])
                                .as("row %d, changed %d", row, changed)
                                .isEqualTo(before[row]);
                    }
                }
            }
        }
    }

    @Test
    void sequencesOfABatchAreIndependent() {
        ModelConfig model = SmallModels.GROUPED;
        int tokens = 7;
        int[] ids = Pass.ids(model, 3, tokens);
        try (PreparedModel prepared = Pass.prepare(model, 1)) {
            ReferenceTransformer alone = new ReferenceTransformer(model, prepared.weights(), 1, tokens);
            double[][] together = Matrices.values(Pass.logits(prepared, 3, tokens, ids, new Nd4jMatmul()));
            for (int sequence = 0; sequence < 3; sequence++) {
                int first = sequence * tokens;
                int[] own = Arrays.copyOfRange(ids, first, first + tokens);
                assertWithin(Arrays.copyOfRange(together, first, first + tokens), alone.forward(own));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void countingAndTimingChangeNoBit(ModelConfig model) {
        int[] ids = Pass.ids(model, 2, 7);
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            int[][] bare = bits(prepared, 2, 7, ids, new Nd4jMatmul());
            Matmul decorated = new CountingMatmul(new TimingMatmul(new Nd4jMatmul(), new TimeTally()), new FlopTally());
            assertThat(bits(prepared, 2, 7, ids, decorated)).isDeepEqualTo(bare);
        }
    }

    /** Buffers are reused, so what one pass left in them must not reach the next. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void aSecondPassOverTheSameBuffersGivesTheSameBits(ModelConfig model) {
        int[] ids = Pass.ids(model, 2, 7);
        int[] others = ids.clone();
        others[0] = (ids[0] + 1) % model.vocabSize();
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            Transformer transformer = prepared.transformer(2, 7, Attention.full(), new Nd4jMatmul());
            int[][] first = Matrices.bits(transformer.forward(ids, done -> {}));
            int[][] second = Matrices.bits(transformer.forward(others, done -> {}));
            assertThat(second[0]).isNotEqualTo(first[0]);
            assertThat(Matrices.bits(transformer.forward(ids, done -> {}))).isDeepEqualTo(first);
        }
    }

    @Test
    void progressIsToldOfEveryLayerInTurn() {
        List<Long> told = new ArrayList<>();
        int[] ids = Pass.ids(SmallModels.MULTI_QUERY, 1, 2);
        try (PreparedModel prepared = Pass.prepare(SmallModels.MULTI_QUERY, 1)) {
            prepared.transformer(1, 2, Attention.full(), new Nd4jMatmul()).forward(ids, told::add);
        }
        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPassNeedsAnIdForEveryToken() {
        try (PreparedModel prepared = Pass.prepare(SmallModels.PLAIN, 1)) {
            Transformer transformer = prepared.transformer(2, 3, Attention.full(), new Nd4jMatmul());
            assertThatThrownBy(() -> transformer.forward(new int[5], done -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a pass of batch 2 and context 3 needs 6 ids: 5");
        }
    }

    private static int[][] bits(PreparedModel prepared, int batch, int tokens, int[] ids, Matmul matmul) {
        return Matrices.bits(Pass.logits(prepared, batch, tokens, ids, matmul));
    }
}
