package dev.flopscope.forward;

import dev.flopscope.backend.Tensor;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;

/**
 * One layer: {@code x += attention(norm(x))}, then {@code x += feedForward(norm(x))} (Touvron et al. 2023, §2.2).
 *
 * @param layer its number
 * @param attentionNorm the norm before attention
 * @param attention the attention
 * @param feedForwardNorm the norm before the feed-forward network
 * @param feedForward the feed-forward network
 */
record Block(int layer, Norm attentionNorm, SelfAttention attention, Norm feedForwardNorm, FeedForward feedForward) {
    /**
     * Runs the layer.
     *
     * @param x the residual stream, (B·queries, D); modified
     * @param normed of the same size; overwritten
     */
    void forward(Pass pass, Tensor x, Tensor normed) {
        pass.context().scope(Scope.LAYER, layer, () -> {
            pass.context().scope(Scope.ATTENTION, layer, () -> {
                attentionNorm.forward(pass, x, normed);
                attention.forward(pass, normed, normed);
                add(pass, x, normed);
            });
            pass.context().scope(Scope.FEED_FORWARD, layer, () -> {
                feedForwardNorm.forward(pass, x, normed);
                feedForward.forward(pass, normed, normed);
                add(pass, x, normed);
            });
        });
    }

    private void add(Pass pass, Tensor x, Tensor update) {
        pass.operator(Operator.RESIDUAL, layer, () -> pass.operators().add(x, update));
    }
}
