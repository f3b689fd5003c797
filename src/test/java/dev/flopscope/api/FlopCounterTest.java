package dev.flopscope.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.counter.Basis;
import dev.flopscope.counter.OperationCount;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce3.Dot;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Programs as users of ND4J write them; each total was worked out by hand, with letters for the extents. */
@SuppressWarnings("try")
class FlopCounterTest {
    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    private static long counted(Runnable program) {
        try (FlopCounter counter = FlopCounter.open()) {
            program.run();
            assertThat(counter.counts().uncounted()).isEmpty();
            return counter.flops();
        }
    }

    @Test
    void perceptronWithTwoLayers() {
        INDArray x = random(32, 64);
        INDArray hidden = random(64, 128);
        INDArray output = random(128, 10);
        assertThat(counted(() -> Nd4j.nn().relu(x.mmul(hidden), 0).mmul(output)))
                .isEqualTo(2L * 32 * 64 * 128 + 2L * 32 * 128 * 10);
    }

    @Test
    void productsOfEveryWayToWriteOne() {
        INDArray a = random(5, 7);
        INDArray b = random(7, 11);
        long each = 2L * 5 * 7 * 11;
        assertThat(counted(() -> a.mmul(b))).isEqualTo(each);
        assertThat(counted(() -> a.mmuli(b, Nd4j.create(DataType.FLOAT, new long[] {5, 11}, 'f'))))
                .isEqualTo(each);
        assertThat(counted(() -> a.mmuli(b, Nd4j.create(DataType.FLOAT, new long[] {5, 11}, 'c'))))
                .isEqualTo(each);
        assertThat(counted(() -> Nd4j.gemm(a, b, false, false))).isEqualTo(each);
        assertThat(counted(() -> Nd4j.gemm(random(7, 5), b, true, false))).isEqualTo(each);
        assertThat(counted(() -> Nd4j.gemm(a, random(11, 7), false, true))).isEqualTo(each);
        assertThat(counted(() -> Nd4j.matmul(a, b))).isEqualTo(each);
        assertThat(counted(() -> Nd4j.matmul(random(7, 5), b, true, false, false)))
                .isEqualTo(each);
        assertThat(counted(() -> Nd4j.matmul(random(11, 7), random(7, 5), false, false, true)))
                .isEqualTo(each);
        assertThat(counted(() -> Nd4j.tensorMmul(a, b, new int[][] {{1}, {0}}))).isEqualTo(each);
        assertThat(counted(
                        () -> a.get(org.nd4j.linalg.indexing.NDArrayIndex.all()).mmul(b)))
                .isEqualTo(each);
    }

    @Test
    void stacksOfProductsAreTheirSum() {
        assertThat(counted(() -> Nd4j.matmul(random(3, 5, 7), random(3, 7, 11))))
                .isEqualTo(3 * 2L * 5 * 7 * 11);
        assertThat(counted(() -> Nd4j.matmul(random(2, 3, 5, 7), random(2, 3, 7, 11))))
                .isEqualTo(2 * 3 * 2L * 5 * 7 * 11);
        assertThat(counted(() -> Nd4j.matmul(random(3, 7, 5), random(3, 7, 11), true, false, false)))
                .isEqualTo(3 * 2L * 5 * 7 * 11);
    }

    @Test
    void matricesAndVectors() {
        assertThat(counted(() -> random(5, 7).mmul(random(7)))).isEqualTo(2L * 5 * 7);
        assertThat(counted(() -> random(5, 7).mmul(random(7, 1)))).isEqualTo(2L * 5 * 7);
        assertThat(counted(() -> random(1, 7).mmul(random(7, 5)))).isEqualTo(2L * 5 * 7);
        assertThat(counted(() -> random(1, 7).mmul(random(7, 1)))).isEqualTo(2L * 7);
        assertThat(counted(() -> Nd4j.getBlasWrapper().dot(random(9), random(9))))
                .isEqualTo(2L * 9);
        assertThat(counted(
                        () -> Nd4j.getBlasWrapper().ger(1.0f, random(5), random(7), Nd4j.zeros(DataType.FLOAT, 5, 7))))
                .isEqualTo(2L * 5 * 7);
        assertThat(counted(() -> Nd4j.getExecutioner().exec(new Dot(random(6, 9), random(6, 9), 1))))
                .isEqualTo(2L * 6 * 9);
        assertThat(counted(() -> random(6, 9).mul(random(6, 9)).sum(1))).isZero();
    }

    @Test
    void attentionByProducts() {
        int heads = 4;
        int tokens = 16;
        int width = 8;
        INDArray q = random(heads, tokens, width);
        INDArray k = random(heads, tokens, width);
        INDArray v = random(heads, tokens, width);
        long flops = counted(() -> {
            INDArray scores = Nd4j.matmul(q, k, false, true, false).div(Math.sqrt(width));
            Nd4j.matmul(Nd4j.nn().softmax(scores, -1), v);
        });
        assertThat(flops).isEqualTo(2 * 2L * heads * tokens * tokens * width);
    }

    @Test
    void attentionAsOneOperation() {
        long flops = counted(
                () -> Nd4j.nn().dotProductAttention(random(2, 8, 5), random(2, 8, 7), random(2, 6, 7), null, true));
        // Two sequences of 5 queries and 7 keys, of width 8, with values of width 6.
        assertThat(flops).isEqualTo(2 * (2L * 5 * 7 * 8 + 2L * 5 * 7 * 6));
    }

    @Test
    void attentionOfSeveralHeadsWithItsProjections() {
        int sequences = 2;
        int queries = 5;
        int keys = 7;
        int heads = 3; // of width 6 for values, so that 18 values go through the output projection
        long flops = counted(() -> Nd4j.nn()
                .multiHeadDotProductAttention(
                        random(sequences, 10, queries),
                        random(sequences, 11, keys),
                        random(sequences, 12, keys),
                        random(heads, 4, 10),
                        random(heads, 4, 11),
                        random(heads, 6, 12),
                        random(18, 9),
                        null,
                        true));
        long projections = 2L * queries * 10 * heads * 4 + 2L * keys * 11 * heads * 4 + 2L * keys * 12 * heads * 6;
        long attention = (long) heads * (2L * queries * keys * 4 + 2L * queries * keys * 6);
        long output = 2L * queries * heads * 6 * 9;
        assertThat(flops).isEqualTo((long) sequences * (projections + attention + output));
    }

    @Test
    void convolutions() {
        // Two images of 3 channels, 8×8; 5 kernels of 3×3 without padding give 6×6.
        assertThat(counted(() -> custom(
                        "conv2d", List.of(random(2, 3, 8, 8), random(3, 3, 3, 5)), 3, 3, 1, 1, 0, 0, 1, 1, 0, 0)))
                .isEqualTo(2L * 2 * 6 * 6 * 5 * 3 * 3 * 3);
        // Channels last, weights [out, in, kernel].
        assertThat(counted(() -> custom(
                        "conv2d", List.of(random(2, 8, 8, 3), random(5, 3, 3, 3)), 3, 3, 1, 1, 0, 0, 1, 1, 0, 1, 1)))
                .isEqualTo(2L * 2 * 6 * 6 * 5 * 3 * 3 * 3);
        // Two sequences of 10 steps and 3 channels, 4 kernels of 3: 8 steps.
        assertThat(counted(() -> custom("conv1d", List.of(random(2, 3, 10), random(3, 3, 4)), 3, 1, 0, 1, 0, 0)))
                .isEqualTo(2L * 2 * 8 * 4 * 3 * 3);
        // One volume of 2 channels, 5×5×5; 3 kernels of 2×2×2 give 4×4×4.
        assertThat(counted(() -> custom(
                        "conv3dnew",
                        List.of(random(1, 2, 5, 5, 5), random(2, 2, 2, 2, 3)),
                        2,
                        2,
                        2,
                        1,
                        1,
                        1,
                        0,
                        0,
                        0,
                        1,
                        1,
                        1,
                        0,
                        0)))
                .isEqualTo(2L * 4 * 4 * 4 * 3 * 2 * 2 * 2 * 2);
        // Each of 3 channels with 2 kernels of 3×3.
        assertThat(counted(() -> custom(
                        "depthwise_conv2d",
                        List.of(random(2, 3, 8, 8), random(3, 3, 3, 2)),
                        3,
                        3,
                        1,
                        1,
                        0,
                        0,
                        1,
                        1,
                        0,
                        0)))
                .isEqualTo(2L * 2 * 6 * 6 * 6 * 3 * 3);
        // The same, then 5 kernels of 1×1 over the 6 channels.
        assertThat(counted(() -> custom(
                        "sconv2d",
                        List.of(random(2, 3, 8, 8), random(3, 3, 3, 2), random(1, 1, 6, 5)),
                        3,
                        3,
                        1,
                        1,
                        0,
                        0,
                        1,
                        1,
                        0,
                        0)))
                .isEqualTo(2L * 2 * 6 * 6 * 6 * 3 * 3 + 2L * 2 * 6 * 6 * 6 * 5);
        // Each of 8×8 pixels of 3 channels is spread by 5 kernels of 3×3.
        assertThat(counted(() -> custom(
                        "deconv2d", List.of(random(2, 3, 8, 8), random(3, 3, 5, 3)), 3, 3, 1, 1, 0, 0, 1, 1, 0, 0)))
                .isEqualTo(2L * 2 * 8 * 8 * 3 * 3 * 3 * 5);
    }

    private static INDArray[] custom(String name, List<INDArray> inputs, int... integers) {
        return Nd4j.exec(DynamicCustomOp.builder(name)
                .addInputs(inputs.toArray(INDArray[]::new))
                .addIntegerArguments(integers)
                .build());
    }

    @Test
    void stepOfALongShortTermMemory() {
        // 4 rows of width 6 through weights [6, 4·5] and [5, 4·5].
        assertThat(counted(() -> Nd4j.exec(DynamicCustomOp.builder("lstmLayerCell")
                        .addInputs(random(4, 6), random(6, 20), random(5, 20), random(4, 5), random(4, 5))
                        .addIntegerArguments(2, 0, 0)
                        .addBooleanArguments(false, false)
                        .addFloatingPointArguments(0.0)
                        .build())))
                .isEqualTo(2L * 4 * 6 * 20 + 2L * 4 * 5 * 20);
        // 7 steps of the same.
        assertThat(counted(() -> Nd4j.exec(DynamicCustomOp.builder("lstmLayer")
                        .addInputs(random(7, 4, 6), random(6, 20), random(5, 20))
                        .addIntegerArguments(0, 0, 2, 0, 0)
                        .addBooleanArguments(false, false, false, false, false, true, false, false)
                        .addFloatingPointArguments(0.0)
                        .build())))
                .isEqualTo(7 * (2L * 4 * 6 * 20 + 2L * 4 * 5 * 20));
    }

    @Test
    void stepOfAGatedRecurrentUnit() {
        // 4 rows of width 6 beside 5 states through weights [6 + 5, 2·5] and [6 + 5, 5].
        assertThat(counted(() -> custom(
                        "gruCell",
                        List.of(random(4, 6), random(4, 5), random(11, 10), random(11, 5), random(10), random(5)))))
                .isEqualTo(2L * 4 * 11 * 10 + 2L * 4 * 11 * 5);
        assertThat(counted(() -> custom(
                        "gru", List.of(random(7, 4, 6), random(4, 5), random(6, 15), random(5, 15), random(15)))))
                .isEqualTo(7 * (2L * 4 * 6 * 15 + 2L * 4 * 5 * 15));
    }

    @Test
    void affineLayers() {
        assertThat(counted(() -> custom("xw_plus_b", List.of(random(4, 6), random(6, 5), random(5)))))
                .isEqualTo(2L * 4 * 6 * 5);
        assertThat(counted(() -> Nd4j.nn().reluLayer(random(4, 6), random(6, 5), random(5))))
                .isEqualTo(2L * 4 * 6 * 5);
    }

    @Test
    void graphsOfSameDiffForwardAndBackward() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 16, 8);
        SDVariable hidden = graph.var("hidden", random(8, 12));
        SDVariable output = graph.var("output", random(12, 3));
        SDVariable result = graph.nn().tanh(x.mmul(hidden)).mmul("result", output);
        SDVariable loss = result.mul(result).sum("loss");
        graph.setLossVariables(loss.name());
        Map<String, INDArray> inputs = Map.of("x", random(16, 8));
        long forward = 2L * 16 * 8 * 12 + 2L * 16 * 12 * 3;
        assertThat(counted(() -> graph.output(inputs, "result"))).isEqualTo(forward);
        // Gradients of both weights and of the hidden layer; ND4J's operation has that of x as well.
        assertThat(counted(() -> graph.calculateGradients(inputs, "hidden", "output")))
                .isEqualTo(3 * forward);
    }

    @Test
    void nameScopesOfSameDiffAreRegions() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 4, 6);
        SDVariable result;
        try (var encoder = graph.withNameScope("encoder")) {
            SDVariable first = x.mmul(graph.var("w", random(6, 5)));
            try (var inner = graph.withNameScope("attention")) {
                result = first.mmul("out", graph.var("v", random(5, 3)));
            }
        }
        try (FlopCounter counter = FlopCounter.open()) {
            graph.output(Map.of("x", random(4, 6)), result.name());
            assertThat(counter.counts().region("encoder").flops()).isEqualTo(2L * 4 * 6 * 5 + 2L * 4 * 5 * 3);
            assertThat(counter.counts().region("encoder").region("attention").flops())
                    .isEqualTo(2L * 4 * 5 * 3);
        }
    }

    @Test
    void eightThreadsAtOnce() throws Exception {
        int threads = 8;
        int each = 50;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (FlopCounter counter = FlopCounter.open()) {
            List<Future<?>> work = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        try (FlopCounter.Region own = counter.region("thread " + thread)) {
                            for (int i = 0; i < each; i++) {
                                random(3 + thread, 5).mmul(random(5, 7));
                            }
                        }
                    }))
                    .toList();
            for (Future<?> one : work) {
                one.get();
            }
            for (int thread = 0; thread < threads; thread++) {
                assertThat(counter.counts().region("thread " + thread).flops())
                        .isEqualTo(each * 2L * (3 + thread) * 5 * 7);
            }
            assertThat(counter.counts().operations()).isEmpty();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void workersWithoutARegionCountWhereTheOwnerIs() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (FlopCounter counter = FlopCounter.open()) {
            try (FlopCounter.Region step = counter.region("step")) {
                pool.submit(() -> random(3, 5).mmul(random(5, 7))).get();
            }
            pool.submit(() -> random(3, 5).mmul(random(5, 2))).get();
            assertThat(counter.counts().region("step").flops()).isEqualTo(2L * 3 * 5 * 7);
            assertThat(counter.flops()).isEqualTo(2L * 3 * 5 * 7 + 2L * 3 * 5 * 2);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void exceptionsLeaveRegionsAndWhatFailedIsNotCounted() {
        try (FlopCounter counter = FlopCounter.open()) {
            assertThatThrownBy(() -> {
                        try (FlopCounter.Region region = counter.region("fails")) {
                            random(2, 3).mmul(random(3, 4));
                            Nd4j.exec(DynamicCustomOp.builder("matmul")
                                    .addInputs(random(2, 3), random(5, 4))
                                    .addOutputs(Nd4j.create(DataType.FLOAT, 2, 4))
                                    .build());
                        }
                    })
                    .isInstanceOf(RuntimeException.class);
            random(2, 3).mmul(random(3, 4));
            assertThat(counter.counts().region("fails").flops()).isEqualTo(2L * 2 * 3 * 4);
            assertThat(counter.counts().operations()).hasSize(1);
        }
    }

    @Test
    void nestedCountersCountEachForItself() {
        try (FlopCounter outer = FlopCounter.open()) {
            random(2, 3).mmul(random(3, 4));
            try (FlopCounter inner = FlopCounter.open()) {
                random(2, 3).mmul(random(3, 5));
                assertThat(inner.flops()).isEqualTo(2L * 2 * 3 * 5);
            }
            assertThat(outer.flops()).isEqualTo(2L * 2 * 3 * 4 + 2L * 2 * 3 * 5);
        }
    }

    @Test
    void nothingIsCountedAfterClose() {
        FlopCounter counter = FlopCounter.open();
        random(2, 3).mmul(random(3, 4));
        counter.close();
        counter.close();
        random(2, 3).mmul(random(3, 4));
        assertThat(counter.flops()).isEqualTo(2L * 2 * 3 * 4);
    }

    @Test
    void regionsAreLeftInOrder() throws Exception {
        try (FlopCounter counter = FlopCounter.open()) {
            FlopCounter.Region outer = counter.region("outer");
            FlopCounter.Region inner = counter.region("inner");
            assertThatThrownBy(outer::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("outer");
            CountDownLatch tried = new CountDownLatch(1);
            Thread other = new Thread(() -> {
                try {
                    inner.close();
                } catch (IllegalStateException e) {
                    tried.countDown();
                }
            });
            other.start();
            tried.await();
            inner.close();
            outer.close();
        }
    }

    @Test
    void whatMayHoldProductsIsListedAndNotInTheSum() {
        try (FlopCounter counter = FlopCounter.open()) {
            INDArray square = random(4, 4);
            INDArray positive = square.mmul(square.transpose()).add(Nd4j.eye(4));
            custom("cholesky", List.of(positive));
            assertThat(counter.flops()).isEqualTo(2L * 4 * 4 * 4);
            assertThat(counter.counts().uncounted())
                    .extracting(OperationCount::operation)
                    .containsExactly("cholesky");
            assertThat(counter.table()).contains("UNCOUNTED: cholesky of 4×4, 1 call");
        }
    }

    @Test
    void reportsNameOperandsAsTheyWere() {
        try (FlopCounter counter = FlopCounter.open()) {
            Nd4j.gemm(random(7, 5), random(11, 7), true, true);
            random(5, 7).mmul(random(7));
            assertThat(counter.table()).contains("7×5ᵀ·11×7ᵀ", "5×7·7 ");
            assertThat(counter.json()).contains("\"flops\" : " + (2 * 5 * 7 * 11 + 2 * 5 * 7));
        }
    }

    @Test
    void usersDeclareTheirOwn() {
        try (FlopCounter counter = FlopCounter.open()) {
            counter.declare(
                    "cholesky",
                    operation ->
                            operation.input(0).length() * operation.input(0).size(0) / 3);
            custom("cholesky", List.of(Nd4j.eye(6).castTo(DataType.FLOAT)));
            assertThat(counter.flops()).isEqualTo(6L * 6 * 6 / 3);
            assertThat(counter.counts().operations().get(0).basis()).isEqualTo(Basis.DECLARED);
        }
    }

    @Test
    void formulaThatFailsEndsNoProgram() {
        try (FlopCounter counter = FlopCounter.open()) {
            counter.declare("cholesky", operation -> operation.input(3).length());
            custom("cholesky", List.of(Nd4j.eye(6).castTo(DataType.FLOAT)));
            assertThat(counter.flops()).isZero();
            assertThat(counter.table()).contains("its formula fails");
        }
    }

    @Test
    void denseNetworkOfDeeplearning4jInferenceAndTraining() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(20)
                        .nOut(30)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nIn(30)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        INDArray x = random(16, 20);
        INDArray wanted = random(16, 4);
        long first = 2L * 16 * 20 * 30;
        long second = 2L * 16 * 30 * 4;
        assertThat(counted(() -> network.output(x))).isEqualTo(first + second);
        // Forward; forward once more, because each layer's backward step computes anew what went into its activation;
        // and the
        // gradients of weights and of what a layer read.
        assertThat(counted(() -> network.fit(x, wanted))).isEqualTo(4 * (first + second));
    }
}
