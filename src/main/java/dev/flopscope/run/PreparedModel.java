package dev.flopscope.run;

import dev.flopscope.ceiling.Yardstick;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.forward.Decoder;
import dev.flopscope.forward.KvCache;
import dev.flopscope.forward.Machinery;
import dev.flopscope.forward.Transformer;
import dev.flopscope.machine.Blas;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.run.ProgressListener.Phase;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.WeightLayout;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A model with its weights in memory, ready for passes. Closing it frees all native memory. */
public final class PreparedModel implements AutoCloseable {
    private final ModelConfig model;
    private final Nd4jRuntime runtime;
    private final MatrixAllocator weightsMemory;
    private final MatrixAllocator activationsMemory;
    private final MatrixAllocator scratchMemory;
    private final MatrixAllocator cacheMemory;
    private final MatrixAllocator decodingMemory;
    private final MatmulEngine engine;
    private final ModelWeights weights;

    private PreparedModel(
            ModelConfig model,
            Nd4jRuntime runtime,
            MatrixAllocator weightsMemory,
            MatmulEngine engine,
            ModelWeights weights) {
        this.engine = engine;
        this.model = model;
        this.runtime = runtime;
        this.weightsMemory = weightsMemory;
        this.activationsMemory = new MatrixAllocator(runtime);
        this.scratchMemory = new MatrixAllocator(runtime);
        this.cacheMemory = new MatrixAllocator(runtime);
        this.decodingMemory = new MatrixAllocator(runtime);
        this.weights = weights;
    }

    /** Starts ND4J and makes the weights that {@code spec} reads, telling {@code progress} how many layers' are ready. */
    static PreparedModel prepare(RunSpec spec, ProgressListener progress) {
        long layers = spec.model().numLayers();
        return prepare(
                spec.model(),
                spec.weights(),
                spec.seed(),
                spec.threads(),
                spec.engine(),
                done -> progress.advanced(Phase.WEIGHTS, done, layers));
    }

    /**
     * Starts ND4J and makes the weights.
     *
     * @param model the model
     * @param mode one set of block matrices for all layers, or one each
     * @param seed decides every bit of the weights
     * @param threads threads of products and of the kernels
     * @param engine which library multiplies, and so how the weights lie
     * @param progress told how many layers' weights are ready
     */
    public static PreparedModel prepare(
            ModelConfig model, WeightsMode mode, long seed, int threads, Engine engine, LongConsumer progress) {
        Nd4jRuntime runtime = Nd4jRuntime.start(threads);
        MatrixAllocator memory = new MatrixAllocator(runtime);
        try {
            MatmulEngine started = MatmulEngine.start(engine, runtime);
            return new PreparedModel(
                    model, runtime, memory, started, weights(model, mode, seed, memory, started, progress));
        } catch (RuntimeException | Error e) {
            memory.close();
            runtime.close();
            throw e;
        }
    }

    private static ModelWeights weights(
            ModelConfig model,
            WeightsMode mode,
            long seed,
            MatrixAllocator memory,
            MatmulEngine engine,
            LongConsumer progress) {
        try (WeightLayout layout = engine.layout(memory)) {
            return new SeededInitializer(model, seed, memory, layout).initialize(mode, progress);
        }
    }

    /** What multiplies for this model's weights, neither counted nor timed. */
    public Matmul matmul() {
        return engine.matmul();
    }

    /** The library that multiplies, as it describes itself. */
    public Blas library() {
        return engine.library();
    }

    /**
     * A pass of {@code batch} sequences of {@code tokens}, with buffers of its own, that attends by {@code attention} and
     * whose products go to {@code matmul}.
     */
    public Transformer transformer(int batch, int tokens, Attention attention, Matmul matmul) {
        return transformer(batch, tokens, attention, matmul, Timeline.none());
    }

    /** The same, telling {@code timeline} of what happens between products. */
    public Transformer transformer(int batch, int tokens, Attention attention, Matmul matmul, Timeline timeline) {
        return transformer(batch, tokens, attention, matmul, timeline, Optional.empty());
    }

    /** Room for the keys and values of {@code batch} sequences of up to {@code positions} tokens. */
    public KvCache cache(int batch, int positions) {
        return new KvCache(model, batch, positions, cacheMemory);
    }

    /** The same, beginning {@code cache} if there is one. */
    public Transformer transformer(
            int batch, int tokens, Attention attention, Matmul matmul, Timeline timeline, Optional<KvCache> cache) {
        return new Transformer(
                model, weights, batch, tokens, attention, machinery(matmul, timeline, activationsMemory), cache);
    }

    /** Passes over one token of each of {@code batch} sequences after what {@code cache} holds, with buffers of their own. */
    public Decoder decoder(int batch, KvCache cache, Matmul matmul, Timeline timeline) {
        return new Decoder(model, weights, batch, cache, machinery(matmul, timeline, decodingMemory));
    }

    private Machinery machinery(Matmul matmul, Timeline timeline, MatrixAllocator buffers) {
        return new Machinery(matmul, engine.elementwise(), timeline, buffers, scratchMemory);
    }

    /** How fast the machine is, by the threads that passes use. */
    Yardstick yardstick() {
        return new Yardstick(runtime.workers());
    }

    /** The parameters. */
    public ModelWeights weights() {
        return weights;
    }

    /** Bytes of activations given to passes so far. */
    public long activationsBytes() {
        return activationsMemory.allocatedBytes();
    }

    /** Bytes given to caches so far. */
    public long cacheBytes() {
        return cacheMemory.allocatedBytes();
    }

    /** Bytes of activations given to decoders so far. */
    public long decodingBytes() {
        return decodingMemory.allocatedBytes();
    }

    /** Frees the buffers of all passes made so far, which must not run again, and all caches. The weights stay. */
    void releaseActivations() {
        decodingMemory.close();
        cacheMemory.close();
        scratchMemory.close();
        activationsMemory.close();
    }

    @Override
    public void close() {
        releaseActivations();
        weightsMemory.close();
        runtime.close();
    }
}
