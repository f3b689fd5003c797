package dev.flopscope.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class SeededInitializerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(2);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theSeedDecidesEveryBitWhateverTheThreads(ModelConfig model) {
        List<int[][]> one = bitsWith(model, 7, 1);
        for (int threads = 2; threads <= 3; threads++) {
            List<int[][]> several = bitsWith(model, 7, threads);
            assertThat(several).hasSameSizeAs(one);
            for (int matrix = 0; matrix < one.size(); matrix++) {
                assertThat(several.get(matrix)).isDeepEqualTo(one.get(matrix));
            }
        }
    }

    private static List<int[][]> bitsWith(ModelConfig model, long seed, int threads) {
        try (Nd4jRuntime other = Nd4jRuntime.start(threads);
                MatrixAllocator allocator = new MatrixAllocator(other)) {
            return matrices(initialize(model, seed, WeightsMode.FULL, allocator)).stream()
                    .map(Matrices::bits)
                    .toList();
        }
    }

    @Test
    void noTwoRowsOfAModelAreTheSameNorOfTwoSeeds() {
        Set<List<Double>> rows = new HashSet<>();
        int made = 0;
        for (long seed : new long[] {0, 1, 2, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            for (Weight matrix : randomMatrices(initialize(SmallModels.PLAIN, seed, WeightsMode.FULL, memory))) {
                for (double[] row : Matrices.values(matrix)) {
                    rows.add(Arrays.stream(row).limit(8).boxed().toList());
                    made++;
                }
            }
        }
        assertThat(rows).hasSize(made);
    }

    @Test
    void everyLayerHasWeightsOfItsOwn() {
        ModelWeights weights = initialize(SmallModels.MULTI_QUERY, 1, WeightsMode.FULL, memory);
        assertThat(weights.blocks()).hasSize(3).doesNotHaveDuplicates();
        assertThat(Matrices.bits(weights.blocks().get(0).query())[0])
                .isNotEqualTo(Matrices.bits(weights.blocks().get(1).query())[0]);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void sharedModeAllocatesOneBlock(ModelConfig model) {
        ModelWeights weights = initialize(model, 1, WeightsMode.SHARED, memory);

        assertThat(weights.blocks())
                .hasSize(model.numLayers())
                .containsOnly(weights.blocks().get(0));
        ParameterAccount expected = Account.of(model, 1, 1).parameters();
        assertThat(weights.allocated())
                .isEqualTo(new ModelWeights.Allocated(
                        expected.embedding(), expected.block(), expected.finalNorm(), expected.lmHead()));
        assertThat(memory.allocatedBytes()).isEqualTo(4 * expected.totalWithOneBlock());
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void whatIsAllocatedIsWhatTheClosedFormSays(ModelConfig model) {
        ModelWeights weights = initialize(model, 1, WeightsMode.FULL, memory);

        ParameterAccount expected = Account.of(model, 1, 1).parameters();
        assertThat(weights.allocated())
                .isEqualTo(new ModelWeights.Allocated(
                        expected.embedding(), expected.blocks(), expected.finalNorm(), expected.lmHead()));
        assertThat(weights.allocated().total()).isEqualTo(expected.total());
        assertThat(memory.allocatedBytes()).isEqualTo(4 * expected.total());
    }

    @Test
    void onlyTiedEmbeddingsAreTheLmHead() {
        ModelWeights tied = initialize(SmallModels.GROUPED, 1, WeightsMode.FULL, memory);
        assertThat(tied.lmHead()).isSameAs(tied.embedding());

        ModelWeights apart = initialize(SmallModels.PLAIN, 1, WeightsMode.FULL, memory);
        assertThat(Matrices.bits(apart.lmHead())[0]).isNotEqualTo(Matrices.bits(apart.embedding())[0]);
    }

    @Test
    void normGainsAreOne() {
        ModelWeights weights = initialize(SmallModels.PLAIN, 1, WeightsMode.FULL, memory);
        BlockWeights block = weights.blocks().get(0);
        for (Weight gain : List.of(block.attentionNorm(), block.feedForwardNorm(), weights.finalNorm())) {
            assertThat(Matrices.values(gain)[0]).hasSize(8).containsOnly(1);
        }
    }

    /** Mean and variance of n uniform values on ±a are off by at most six of their own deviations, a/√(3n) and a²·√(4/45n). */
    @ParameterizedTest
    @EnumSource
    void meanAndDeviationAreThoseOfGpt2(FeedForward feedForward) {
        ModelConfig model = new ModelConfig("wide", 300, 8, 2, 301, 4, 4, 76, 303, false, feedForward, 10_000, 1e-5);
        ModelWeights weights = initialize(model, 5, WeightsMode.FULL, memory);
        BlockWeights block = weights.blocks().get(1);

        List<Weight> plain = new ArrayList<>(
                List.of(weights.embedding(), block.query(), block.key(), block.value(), block.up(), weights.lmHead()));
        block.gate().ifPresent(plain::add);
        plain.forEach(matrix -> assertUniform(matrix, 0.02));
        // What writes to the residual stream is divided by the root of how often the stream is written to, 2L = 4.
        assertUniform(block.output(), 0.02 / 2);
        assertUniform(block.down(), 0.02 / 2);
    }

    private static void assertUniform(Weight matrix, double deviation) {
        double[] values = Arrays.stream(Matrices.values(matrix))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double end = Math.sqrt(3) * deviation;
        double count = values.length;
        double mean = DoubleStream.of(values).sum() / count;
        double square = DoubleStream.of(values).map(value -> value * value).sum() / count;
        assertThat(mean).isCloseTo(0, within(6 * end / Math.sqrt(3 * count)));
        assertThat(square).isCloseTo(deviation * deviation, within(6 * end * end * Math.sqrt(4 / (45 * count))));
        assertThat(DoubleStream.of(values).map(Math::abs).max().orElseThrow()).isBetween(0.99 * end, 1.0000001 * end);
    }

    @Test
    void progressIsToldOfEveryBlockInTurn() {
        List<Long> told = new ArrayList<>();
        new SeededInitializer(SmallModels.MULTI_QUERY, 1, memory, WeightLayout.rowByRow(memory))
                .initialize(WeightsMode.SHARED, told::add);
        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    private static ModelWeights initialize(ModelConfig model, long seed, WeightsMode mode, MatrixAllocator memory) {
        return new SeededInitializer(model, seed, memory, WeightLayout.rowByRow(memory)).initialize(mode, done -> {});
    }

    private static List<Weight> matrices(ModelWeights weights) {
        List<Weight> all = new ArrayList<>(randomMatrices(weights));
        weights.blocks().forEach(block -> all.addAll(List.of(block.attentionNorm(), block.feedForwardNorm())));
        all.add(weights.finalNorm());
        return all;
    }

    private static List<Weight> randomMatrices(ModelWeights weights) {
        List<Weight> all = new ArrayList<>(List.of(weights.embedding(), weights.lmHead()));
        for (BlockWeights block : weights.blocks()) {
            all.addAll(List.of(block.query(), block.key(), block.value(), block.output(), block.up(), block.down()));
            block.gate().ifPresent(all::add);
        }
        return all;
    }
}
