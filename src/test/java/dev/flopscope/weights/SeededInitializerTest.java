package dev.flopscope.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Backends;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeededInitializerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private final Backend backend = new ArrayBackend();
    private final Allocator memory = backend.allocator();

    @AfterEach
    void free() {
        memory.close();
        backend.close();
    }

    /** The engine's own layouts cannot be read row by row; that they hold the same is for the tests of passes. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void theSeedDecidesEveryBitWhateverTheBackendAndItsThreads(ModelConfig model) {
        List<int[][]> loops = bits(backend, model, 7);
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend other = Backends.cpu(Engine.OPENBLAS, threads).start().get()) {
                List<int[][]> several = bits(other, model, 7);
                assertThat(several).hasSameSizeAs(loops);
                for (int matrix = 0; matrix < loops.size(); matrix++) {
                    assertThat(several.get(matrix)).isDeepEqualTo(loops.get(matrix));
                }
            }
        }
    }

    private static List<int[][]> bits(Backend backend, ModelConfig model, long seed) {
        try (Allocator allocator = backend.allocator()) {
            return matrices(initialize(backend, allocator, model, seed, WeightsMode.FULL)).stream()
                    .map(matrix -> Matrices.bits(backend, matrix))
                    .toList();
        }
    }

    @Test
    void noTwoRowsOfAModelAreTheSameNorOfTwoSeeds() {
        Set<List<Double>> rows = new HashSet<>();
        int made = 0;
        for (long seed : new long[] {0, 1, 2, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            for (Tensor matrix : randomMatrices(initialize(SmallModels.PLAIN, seed, WeightsMode.FULL))) {
                for (double[] row : Matrices.values(backend, matrix)) {
                    rows.add(Arrays.stream(row).limit(8).boxed().toList());
                    made++;
                }
            }
        }
        assertThat(rows).hasSize(made);
    }

    @Test
    void everyLayerHasWeightsOfItsOwn() {
        ModelWeights weights = initialize(SmallModels.MULTI_QUERY, 1, WeightsMode.FULL);
        assertThat(weights.blocks()).hasSize(3).doesNotHaveDuplicates();
        assertThat(Matrices.bits(backend, heads(weights.blocks().get(0)).query().weight())[0])
                .isNotEqualTo(
                        Matrices.bits(
                                backend, heads(weights.blocks().get(1)).query().weight())[0]);
    }

    /** The first and the last layer of one model are the same, those between are not; in the others all are. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void sharedModeAllocatesEachDifferentBlockOnce(ModelConfig model) {
        ModelWeights weights = initialize(model, 1, WeightsMode.SHARED);

        for (int layer = 0; layer < model.numLayers(); layer++) {
            int first = model.blocks().indexOf(model.blocks().get(layer));
            assertThat(weights.blocks().get(layer)).isSameAs(weights.blocks().get(first));
        }
        ParameterAccount expected = Account.of(model, 1, 1).parameters();
        assertThat(weights.allocated())
                .isEqualTo(new ModelWeights.Allocated(
                        expected.embedding(),
                        expected.positions(),
                        expected.sharedBlocks(),
                        expected.finalNorm(),
                        expected.lmHead()));
        assertThat(memory.allocatedBytes()).isEqualTo(4 * expected.sharedTotal());
        assertThat(memory.allocatedBytes())
                .isEqualTo(Account.of(model, 1, 1).memory().sharedWeightsBytes());
    }

    /** Blocks of equal size that differ in their windows are two blocks, in memory as in the closed form. */
    @Test
    void blocksThatDifferInTheirWindowAloneAreNotShared() {
        ModelConfig model = TestModels.builder("windows")
                .block(block -> block.window(3))
                .block(block -> block)
                .block(block -> block.window(3))
                .build();
        ModelWeights weights = initialize(model, 1, WeightsMode.SHARED);

        assertThat(weights.blocks().get(2)).isSameAs(weights.blocks().get(0));
        assertThat(weights.blocks().get(1)).isNotSameAs(weights.blocks().get(0));
        assertThat(weights.allocated().total())
                .isEqualTo(Account.of(model, 1, 1).parameters().sharedTotal());
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void whatIsAllocatedIsWhatTheClosedFormSays(ModelConfig model) {
        for (Backends.Kind kind : Backends.ALL) {
            try (Backend other = kind.start().get();
                    Allocator allocator = other.allocator()) {
                ModelWeights weights = initialize(other, allocator, model, 1, WeightsMode.FULL);

                ParameterAccount expected = Account.of(model, 1, 1).parameters();
                assertThat(weights.allocated())
                        .isEqualTo(new ModelWeights.Allocated(
                                expected.embedding(),
                                expected.positions(),
                                expected.blocks(),
                                expected.finalNorm(),
                                expected.lmHead()));
                assertThat(weights.allocated().total()).isEqualTo(expected.total());
                assertThat(allocator.allocatedBytes()).as(kind.name()).isGreaterThanOrEqualTo(4 * expected.total());
            }
        }
        initialize(model, 1, WeightsMode.FULL);
        assertThat(memory.allocatedBytes())
                .isEqualTo(4 * Account.of(model, 1, 1).parameters().total());
    }

    @Test
    void onlyTiedEmbeddingsAreTheLmHead() {
        ModelWeights tied = initialize(SmallModels.GROUPED, 1, WeightsMode.FULL);
        assertThat(tied.lmHead()).isSameAs(tied.embedding());

        ModelWeights apart = initialize(SmallModels.PLAIN, 1, WeightsMode.FULL);
        assertThat(Matrices.bits(backend, apart.lmHead())[0])
                .isNotEqualTo(Matrices.bits(backend, apart.embedding())[0]);
    }

    @Test
    void normGainsAreOne() {
        ModelWeights weights = initialize(SmallModels.PLAIN, 1, WeightsMode.FULL);
        BlockWeights block = weights.blocks().get(0);
        for (NormWeights norm : List.of(block.attentionNorm(), block.feedForwardNorm(), weights.finalNorm())) {
            assertThat(Matrices.values(backend, norm.gain())[0]).hasSize(8).containsOnly(1);
        }
    }

    /** Mean and variance of n uniform values on ±a are off by at most six of their own deviations, a/√(3n) and a²·√(4/45n). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void meanAndDeviationAreThoseOfGpt2(boolean gated) {
        TestModels.Builder wide = TestModels.builder("wide")
                .vocab(300)
                .layers(2)
                .dModel(301)
                .heads(4)
                .headDim(76)
                .dFf(303);
        ModelWeights weights = initialize((gated ? wide : wide.gelu()).build(), 5, WeightsMode.FULL);
        BlockWeights block = weights.blocks().get(1);
        AttentionWeights.Heads attention = heads(block);

        List<Tensor> plain = new ArrayList<>(List.of(
                weights.embedding(),
                attention.query().weight(),
                attention.key().weight(),
                attention.value().weight(),
                weights.lmHead()));
        List<Tensor> network = matrices(block.feedForward());
        plain.addAll(network.subList(0, network.size() - 1));
        assertThat(plain).hasSize(gated ? 7 : 6);
        plain.forEach(matrix -> assertUniform(matrix, 0.02));
        // What writes to the residual stream is divided by the root of how often the stream is written to, 2L = 4.
        assertUniform(attention.output().weight(), 0.02 / 2);
        assertUniform(network.get(network.size() - 1), 0.02 / 2);
    }

    private void assertUniform(Tensor matrix, double deviation) {
        double[] values = Arrays.stream(Matrices.values(backend, matrix))
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
        try (TensorLoader loader = backend.loader(memory)) {
            new SeededInitializer(SmallModels.MULTI_QUERY, 1, loader).initialize(WeightsMode.SHARED, told::add);
        }
        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    private ModelWeights initialize(ModelConfig model, long seed, WeightsMode mode) {
        return initialize(backend, memory, model, seed, mode);
    }

    private static ModelWeights initialize(
            Backend backend, Allocator memory, ModelConfig model, long seed, WeightsMode mode) {
        try (TensorLoader loader = backend.loader(memory)) {
            return new SeededInitializer(model, seed, loader).initialize(mode, done -> {});
        }
    }

    private static List<Tensor> matrices(ModelWeights weights) {
        List<Tensor> all = new ArrayList<>(randomMatrices(weights));
        weights.blocks()
                .forEach(block -> all.addAll(List.of(
                        block.attentionNorm().gain(), block.feedForwardNorm().gain())));
        all.add(weights.finalNorm().gain());
        return all;
    }

    private static List<Tensor> randomMatrices(ModelWeights weights) {
        List<Tensor> all = new ArrayList<>(List.of(weights.embedding(), weights.lmHead()));
        for (BlockWeights block : weights.blocks()) {
            all.addAll(
                    block.attention() instanceof AttentionWeights.Latent latent
                            ? List.of(
                                    latent.query().weight(),
                                    latent.down().weight(),
                                    latent.up().weight())
                            : List.of(
                                    heads(block).query().weight(),
                                    heads(block).key().weight(),
                                    heads(block).value().weight()));
            all.add(block.attention().output().weight());
            all.addAll(matrices(block.feedForward()));
        }
        return all;
    }

    /** The last writes to the residual stream. */
    private static List<Tensor> matrices(FeedForwardWeights network) {
        if (network instanceof FeedForwardWeights.Experts experts) {
            return experts.experts().stream()
                    .flatMap(expert -> matrices(expert).stream())
                    .toList();
        }
        return network instanceof FeedForwardWeights.Gated gated
                ? List.of(
                        gated.gate().weight(), gated.up().weight(), gated.down().weight())
                : List.of(
                        ((FeedForwardWeights.Plain) network).up().weight(),
                        ((FeedForwardWeights.Plain) network).down().weight());
    }

    private static AttentionWeights.Heads heads(BlockWeights block) {
        return (AttentionWeights.Heads) block.attention();
    }
}
