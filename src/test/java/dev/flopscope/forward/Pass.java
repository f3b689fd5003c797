package dev.flopscope.forward;

import dev.flopscope.Matrices;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A small model, ready for passes whose numbers are telling. */
final class Pass {
    private static final long SEED = 42;
    /**
     * GPT-2's deviation of 0.02 is for widths of a thousand; at ten, softmax and gates would see hardly any input. But what
     * a block adds must stay small beside the residual stream, as it is in a trained model, or norms amplify errors so much
     * that no bound on the logits says anything.
     */
    private static final float ENLARGEMENT = 5;

    private static final float EMBEDDING_ENLARGEMENT = 50;

    private Pass() {}

    /** A model with larger weights and with norm gains other than one, so that a gain that is forgotten shows. */
    static PreparedModel prepare(ModelConfig model, int threads) {
        PreparedModel prepared =
                PreparedModel.prepare(model, WeightsMode.FULL, SEED, threads, Engine.OPENBLAS, done -> {});
        ModelWeights weights = prepared.weights();
        List<Weight> products = new ArrayList<>();
        List<Matrix> gains = new ArrayList<>(List.of(weights.finalNorm()));
        if (!model.tieEmbeddings()) {
            products.add(weights.lmHead());
        }
        for (BlockWeights block : weights.blocks()) {
            products.addAll(
                    List.of(block.query(), block.key(), block.value(), block.output(), block.up(), block.down()));
            block.gate().ifPresent(products::add);
            gains.addAll(List.of(block.attentionNorm(), block.feedForwardNorm()));
        }
        enlarge(weights.embedding(), EMBEDDING_ENLARGEMENT);
        products.forEach(weight -> enlarge(Matrices.rowByRow(weight), ENLARGEMENT));
        SplittableRandom random = new SplittableRandom(SEED);
        gains.forEach(gain -> randomize(gain, random));
        return prepared;
    }

    private static void enlarge(Matrix matrix, float factor) {
        float[] row = new float[matrix.columns()];
        for (long r = 0; r < matrix.rows(); r++) {
            matrix.readRow(r, row, row.length);
            for (int i = 0; i < row.length; i++) {
                row[i] *= factor;
            }
            matrix.writeRow(r, row, row.length);
        }
    }

    private static void randomize(Matrix gain, SplittableRandom random) {
        float[] row = new float[gain.columns()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextDouble(0.5, 1.5);
        }
        gain.writeRow(0, row, row.length);
    }

    /** B·T ids. */
    static int[] ids(ModelConfig model, int batch, int tokens) {
        return new SplittableRandom(SEED)
                .ints((long) batch * tokens, 0, model.vocabSize())
                .toArray();
    }

    /** Logits of one pass with full attention. */
    static Matrix logits(PreparedModel model, int batch, int tokens, int[] ids, Matmul matmul) {
        return model.transformer(batch, tokens, Attention.full(), matmul).forward(ids, done -> {});
    }
}
