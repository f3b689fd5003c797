package dev.flopscope.run;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.forward.Transformer;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import java.util.function.LongConsumer;

/** A model with its weights in memory, ready for passes. Closing it frees all native memory. */
public final class PreparedModel implements AutoCloseable {
    private final ModelConfig model;
    private final Nd4jRuntime runtime;
    private final MatrixAllocator weightsMemory;
    private final MatrixAllocator activationsMemory;
    private final MatrixAllocator scratchMemory;
    private final ModelWeights weights;

    private PreparedModel(ModelConfig model, Nd4jRuntime runtime, MatrixAllocator weightsMemory, ModelWeights weights) {
        this.model = model;
        this.runtime = runtime;
        this.weightsMemory = weightsMemory;
        this.activationsMemory = new MatrixAllocator(runtime);
        this.scratchMemory = new MatrixAllocator(runtime);
        this.weights = weights;
    }

    /**
     * Starts ND4J and makes the weights.
     *
     * @param model the model
     * @param mode one set of block matrices for all layers, or one each
     * @param seed decides every bit of the weights
     * @param threads threads of BLAS and of the kernels
     * @param progress told how many layers' weights are ready
     */
    public static PreparedModel prepare(
            ModelConfig model, WeightsMode mode, long seed, int threads, LongConsumer progress) {
        Nd4jRuntime runtime = Nd4jRuntime.start(threads);
        MatrixAllocator memory = new MatrixAllocator(runtime);
        try {
            ModelWeights weights = new SeededInitializer(model, seed, memory).initialize(mode, progress);
            return new PreparedModel(model, runtime, memory, weights);
        } catch (RuntimeException | Error e) {
            memory.close();
            runtime.close();
            throw e;
        }
    }

    /**
     * A pass of {@code batch} sequences of {@code tokens}, with buffers of its own, that attends by {@code attention} and
     * whose products go to {@code matmul}.
     */
    public Transformer transformer(int batch, int tokens, Attention attention, Matmul matmul) {
        return new Transformer(model, weights, batch, tokens, attention, matmul, activationsMemory, scratchMemory);
    }

    /** The parameters. */
    public ModelWeights weights() {
        return weights;
    }

    /** Bytes of activations given to passes so far. */
    public long activationsBytes() {
        return activationsMemory.allocatedBytes();
    }

    @Override
    public void close() {
        scratchMemory.close();
        activationsMemory.close();
        weightsMemory.close();
        runtime.close();
    }
}
