package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Fills a model with pseudo-random weights that the seed alone decides, whatever the backend and its threads.
 *
 * <p>Scale as in GPT-2 (Radford et al. 2019, §2.3): a standard deviation of 0.02, divided by √(2L) for the two matrices of a
 * block that write to the residual stream; norm gains are 1. The distribution is uniform, not normal: counts and times do
 * not depend on it, and two billion normal deviates take longer than the pass.
 */
public final class SeededInitializer {
    private static final double STANDARD_DEVIATION = 0.02;

    private final ModelConfig model;
    private final long seed;
    private final TensorLoader loader;
    private final double intoResidual;
    private long matricesMade;

    /** Initialises {@code model} with tensors that {@code loader} makes. */
    public SeededInitializer(ModelConfig model, long seed, TensorLoader loader) {
        this.model = model;
        this.seed = seed;
        this.loader = loader;
        this.intoResidual = STANDARD_DEVIATION / Math.sqrt(2.0 * model.numLayers());
    }

    /**
     * Makes every parameter.
     *
     * @param mode a set of matrices for each layer, or one for all layers whose blocks are the same
     * @param progress told how many blocks are ready
     */
    public ModelWeights initialize(WeightsMode mode, LongConsumer progress) {
        Tensor embedding =
                loader.table(model.vocabSize(), model.dModel(), uniform(model.dModel(), STANDARD_DEVIATION)::fill);
        Map<BlockConfig, BlockWeights> shared = new HashMap<>();
        List<BlockWeights> blocks = new ArrayList<>(model.numLayers());
        for (BlockConfig block : model.blocks()) {
            blocks.add(mode == WeightsMode.SHARED ? shared.computeIfAbsent(block, this::block) : block(block));
            progress.accept(blocks.size());
        }
        NormWeights finalNorm = norm();
        Tensor lmHead = model.head().tied() ? embedding : random(model.vocabSize(), model.dModel(), STANDARD_DEVIATION);
        return new ModelWeights(embedding, blocks, finalNorm, lmHead);
    }

    private BlockWeights block(BlockConfig block) {
        return new BlockWeights(norm(), attention(block.attention()), norm(), feedForward(block.feedForward()));
    }

    private AttentionWeights attention(AttentionConfig heads) {
        int dModel = model.dModel();
        return new AttentionWeights(
                random(heads.queryWidth(), dModel, STANDARD_DEVIATION),
                random(heads.keyValueWidth(), dModel, STANDARD_DEVIATION),
                random(heads.keyValueWidth(), dModel, STANDARD_DEVIATION),
                random(dModel, heads.queryWidth(), intoResidual));
    }

    private FeedForwardWeights feedForward(FeedForwardConfig network) {
        int dModel = model.dModel();
        return network instanceof FeedForwardConfig.Gated
                ? new FeedForwardWeights.Gated(
                        random(network.width(), dModel, STANDARD_DEVIATION),
                        random(network.width(), dModel, STANDARD_DEVIATION),
                        random(dModel, network.width(), intoResidual))
                : new FeedForwardWeights.Plain(
                        random(network.width(), dModel, STANDARD_DEVIATION),
                        random(dModel, network.width(), intoResidual));
    }

    private NormWeights norm() {
        return new NormWeights(loader.table(1, model.dModel(), (row, values) -> Arrays.fill(values, 1f)));
    }

    private Tensor random(int rows, int columns, double standardDeviation) {
        return loader.weight(rows, columns, uniform(columns, standardDeviation)::fill);
    }

    private UniformRows uniform(int columns, double standardDeviation) {
        return new UniformRows(seed, matricesMade++, columns, standardDeviation);
    }
}
