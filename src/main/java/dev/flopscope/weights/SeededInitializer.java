package dev.flopscope.weights;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Fills a model with pseudo-random weights that the seed alone decides, whatever the number of threads.
 *
 * <p>Scale as in GPT-2 (Radford et al. 2019, §2.3): a standard deviation of 0.02, divided by √(2L) for the two matrices of a
 * block that write to the residual stream; norm gains are 1. The distribution is uniform, not normal: counts and times do
 * not depend on it, and two billion normal deviates take longer than the pass.
 */
public final class SeededInitializer {
    private static final double STANDARD_DEVIATION = 0.02;

    private final ModelConfig model;
    private final long seed;
    private final MatrixAllocator allocator;
    private final WeightLayout layout;
    private long matricesMade;

    /**
     * Initialises {@code model}: the matrices of products by {@code layout}, the embedding and the gains in memory of
     * {@code allocator}.
     */
    public SeededInitializer(ModelConfig model, long seed, MatrixAllocator allocator, WeightLayout layout) {
        this.layout = layout;
        this.model = model;
        this.seed = seed;
        this.allocator = allocator;
    }

    /**
     * Allocates and fills every parameter.
     *
     * @param mode one set of block matrices for all layers, or one each
     * @param progress told how many blocks are ready
     */
    public ModelWeights initialize(WeightsMode mode, LongConsumer progress) {
        Matrix embedding = allocator.allocate(model.vocabSize(), model.dModel());
        fill(embedding, STANDARD_DEVIATION);
        int distinct = mode == WeightsMode.SHARED ? 1 : model.numLayers();
        List<BlockWeights> blocks = new ArrayList<>(model.numLayers());
        for (int layer = 0; layer < model.numLayers(); layer++) {
            blocks.add(layer < distinct ? block() : blocks.get(0));
            progress.accept(layer + 1L);
        }
        Matrix finalNorm = ones(model.dModel());
        Weight lmHead =
                model.tieEmbeddings() ? embedding : random(model.vocabSize(), model.dModel(), STANDARD_DEVIATION);
        return new ModelWeights(embedding, blocks, finalNorm, lmHead);
    }

    private BlockWeights block() {
        int dModel = model.dModel();
        double intoResidual = STANDARD_DEVIATION / Math.sqrt(2.0 * model.numLayers());
        return new BlockWeights(
                ones(dModel),
                random(model.queryWidth(), dModel, STANDARD_DEVIATION),
                random(model.keyValueWidth(), dModel, STANDARD_DEVIATION),
                random(model.keyValueWidth(), dModel, STANDARD_DEVIATION),
                random(dModel, model.queryWidth(), intoResidual),
                ones(dModel),
                model.feedForward() == FeedForward.SWIGLU
                        ? Optional.of(random(model.dFf(), dModel, STANDARD_DEVIATION))
                        : Optional.empty(),
                random(model.dFf(), dModel, STANDARD_DEVIATION),
                random(dModel, model.dFf(), intoResidual));
    }

    private Matrix ones(int columns) {
        Matrix gain = allocator.allocate(1, columns);
        float[] ones = new float[columns];
        java.util.Arrays.fill(ones, 1f);
        gain.writeRow(0, ones, columns);
        return gain;
    }

    private Weight random(int rows, int columns, double standardDeviation) {
        return layout.lay(rows, columns, matrix -> fill(matrix, standardDeviation));
    }

    private void fill(Matrix matrix, double standardDeviation) {
        int columns = matrix.columns();
        UniformRows uniform = new UniformRows(seed, matricesMade++, columns, standardDeviation);
        allocator.workers().forRows(matrix.rows(), (from, to) -> {
            float[] values = new float[columns];
            for (long row = from; row < to; row++) {
                uniform.fill(row, values);
                matrix.writeRow(row, values, columns);
            }
        });
    }
}
