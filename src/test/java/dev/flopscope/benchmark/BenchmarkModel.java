package dev.flopscope.benchmark;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cuda.CudaBackend;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.MatmulListener;
import dev.flopscope.forward.Transformer;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.text.SeededTokens;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/** A model with seeded weights on an engine, for passes over one prompt as long as its context. */
public final class BenchmarkModel implements AutoCloseable {
    private final ModelConfig config;
    private final Backend backend;
    private final Allocator memory;
    private final ModelWeights weights;
    private final Phase prompt;
    private final int[] ids;

    private BenchmarkModel(ModelConfig config, Backend backend, UnaryOperator<TensorLoader> watching) {
        this.config = config;
        this.backend = backend;
        this.memory = backend.allocator();
        try (TensorLoader loader = watching.apply(backend.loader(memory))) {
            this.weights = new SeededInitializer(config, 1, loader).initialize(WeightsMode.FULL, done -> {});
        }
        this.prompt = Phase.prefill(1, config.contextLength());
        this.ids = SeededTokens.generate(config.contextLength(), config.vocabSize(), 1);
    }

    /** Starts {@code engine} and makes the weights. */
    public static BenchmarkModel start(ModelConfig config, Engine engine, int threads) {
        return start(config, engine, threads, UnaryOperator.identity());
    }

    /** Starts {@code engine} and makes the weights by what {@code watching} makes of its loader. */
    static BenchmarkModel start(ModelConfig config, Engine engine, int threads, UnaryOperator<TensorLoader> watching) {
        return new BenchmarkModel(
                config, engine.isOnGpu() ? CudaBackend.start(engine) : CpuBackend.start(engine, threads), watching);
    }

    /** What computes. */
    public Backend backend() {
        return backend;
    }

    /** Memory of the backend, freed with the model. */
    public Allocator memory() {
        return memory;
    }

    /** The parameters, as the engine lays them out. */
    public ModelWeights weights() {
        return weights;
    }

    /** What runs the prompt. */
    public Transformer transformer(Attention attention) {
        return new Transformer(config, weights, attention, List.of(prompt), Optional.empty(), backend, memory, memory);
    }

    /** The context of a pass as a run composes it. */
    public Interceptor observed(MatmulListener tally, Timeline timeline) {
        return new Interceptor(backend.products(), backend.clock(), tally, timeline);
    }

    /** Runs the prompt and gives the logits of every token, valid until the next pass. */
    public Tensor run(Transformer transformer, ExecutionContext context, LongConsumer progress) {
        return run(transformer, ids, context, progress);
    }

    /** Runs a prompt of other tokens, as many as the model's context has. */
    public Tensor run(Transformer transformer, int[] tokens, ExecutionContext context, LongConsumer progress) {
        return transformer.forward(tokens, prompt, 0, context, progress).orElseThrow();
    }

    @Override
    public void close() {
        memory.close();
        backend.close();
    }
}
