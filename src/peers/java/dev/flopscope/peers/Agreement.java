package dev.flopscope.peers;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.ModelConfig;

/**
 * How far two engines' logits are apart.
 *
 * @param difference the largest |a − b|
 * @param bound what rounding may explain
 */
record Agreement(double difference, double bound) {
    /** The unit roundoff of float32. */
    private static final double UNIT = 0x1p-24;

    private static final double LAMBDA = 2;

    /** Whether rounding explains the difference; not if any logit is not a number. */
    boolean holds() {
        return difference <= bound;
    }

    /**
     * Compares all T·V logits of the last passes.
     *
     * <p>The bound is λ·√n·u times the largest logit, with n the additions on the longest way from a token to a logit and
     * λ = 2, one for each engine: the error of n rounded operations with independent errors (Higham and Mary 2019, "A new approach to
     * probabilistic rounding error analysis"). A wrong mask, angle or ε moves logits by far more.
     */
    static Agreement of(Peer one, Peer other, ModelConfig model, int tokens) {
        float[] a = new float[model.vocabSize()];
        float[] b = new float[model.vocabSize()];
        double difference = 0;
        double largest = 0;
        for (int row = 0; row < tokens; row++) {
            one.readLogits(row, a);
            other.readLogits(row, b);
            for (int i = 0; i < a.length; i++) {
                // Math.max keeps NaN, and NaN holds no bound.
                difference = Math.max(difference, Math.abs((double) a[i] - b[i]));
                largest = Math.max(largest, Math.abs((double) a[i]));
            }
        }
        return new Agreement(difference, LAMBDA * Math.sqrt(additions(model, tokens)) * UNIT * largest);
    }

    private static double additions(ModelConfig model, int tokens) {
        double additions = model.dModel();
        for (BlockConfig block : model.blocks()) {
            AttentionConfig heads = block.attention();
            additions += 2.0 * model.dModel()
                    + heads.headDim()
                    + tokens
                    + heads.queryWidth()
                    + block.feedForward().width();
        }
        return additions;
    }
}
